// Surfaces over the background, in linear light; the result is sRGB.
uniform sampler2D surfaces, backdrop; // both sRGB textures, read as linear; surfaces premultiplied
out vec4 colour;

vec3 srgb_from_linear (vec3 c)
{
  vec3 curved = 1.055 * pow (max (c, 0.0031308), vec3 (1.0 / 2.4)) - 0.055;
  return mix (12.92 * c, curved, step (0.0031308, c));
}

void main ()
{
  ivec2 at = ivec2 (gl_FragCoord.xy);
  vec4 front = texelFetch (surfaces, at, 0);
  vec3 back = texelFetch (backdrop, at, 0).rgb;
  colour = vec4 (srgb_from_linear (front.rgb + (1.0 - front.a) * back), 1.0);
}
