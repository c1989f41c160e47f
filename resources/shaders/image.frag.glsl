uniform sampler2D picture; // sRGB, read as linear; alpha becomes coverage
in vec2 v_uv;
out vec4 colour;

void main ()
{
  // a soft border is cut one pixel wide where it is nearly opaque: beyond it is only black
  colour = texture (picture, v_uv);
  colour.a = clamp ((colour.a - 0.75) / max (fwidth (colour.a), 1e-3) + 0.5, 0.0, 1.0);
  if (colour.a < 0.05)
    discard;
}
