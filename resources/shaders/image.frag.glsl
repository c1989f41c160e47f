uniform sampler2D picture; // sRGB, read as linear; alpha becomes coverage
in vec2 v_uv;
out vec4 colour;

void main ()
{
  colour = texture (picture, v_uv);
  if (colour.a < 0.05)
    discard;
}
