uniform sampler2D picture; // premultiplied, sRGB
in vec2 v_uv;
out vec4 colour;

void main ()
{
  colour = texture (picture, v_uv);
}
