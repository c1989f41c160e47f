uniform vec4 paint; // linear, premultiplied
out vec4 colour;

void main ()
{
  colour = paint;
}
