// Background: a vertical ramp with a soft glow behind the heart, dithered against bands.
uniform vec3 top, bottom; // sRGB
uniform float aspect;
in vec2 v_uv;
out vec4 colour; // sRGB

// Source: Jimenez, "Next generation post processing in Call of Duty", SIGGRAPH 2014.
float interleaved_noise (vec2 p)
{
  return fract (52.9829189 * fract (dot (p, vec2 (0.06711056, 0.00583715))));
}

void main ()
{
  vec2 from_glow = (v_uv - vec2 (0.5, 0.56)) * vec2 (min (aspect, 1.4), 1.0);
  float glow = exp (-5.0 * dot (from_glow, from_glow));
  vec3 ramp = mix (bottom, top, smoothstep (0.0, 1.0, v_uv.y)) * (0.86 + 0.42 * glow);
  colour = vec4 (ramp + (interleaved_noise (gl_FragCoord.xy) - 0.5) / 255.0, 1.0);
}
