uniform sampler2D letters; // six in a row, white on black

in vec3 v_normal;
in vec2 v_face;
flat in float v_letter;
out vec4 colour;

const vec3 KEY = vec3 (-0.4495, 0.6243, 0.6389);

void main ()
{
  vec2 uv = vec2 ((v_letter + 0.5 + 0.5 * v_face.x) / 6.0, 0.5 - 0.5 * v_face.y);
  float ink = texture (letters, uv).r;
  float border = max (abs (v_face.x), abs (v_face.y));
  float edge = smoothstep (0.86, 0.95, border);
  float light = 0.30 + 0.40 * max (dot (normalize (v_normal), KEY), 0.0) + 0.16 * v_normal.z;
  vec3 face = mix (vec3 (0.62, 0.64, 0.67), vec3 (0.86, 0.88, 0.90), edge) * light;
  colour = vec4 (mix (face, vec3 (0.012, 0.014, 0.018), ink), 1.0);
}
