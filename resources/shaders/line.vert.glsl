// A piece of a line, as wide on the screen wherever it lies: a box of four corners round it.
uniform mat4 view, projection;
uniform vec2 size_px; // of the picture
uniform float lift;   // towards the eye, mm: a line on a surface lies on top of it

layout (location = 0) in vec3 from; // mm; one of each for the four corners
layout (location = 1) in vec3 to;
layout (location = 2) in vec4 paint; // linear, opaque
layout (location = 3) in float width_px;

flat out vec4 v_paint;

vec4 place (vec3 position)
{
  vec4 eye = view * vec4 (position, 1.0);
  eye.xyz *= 1.0 - lift / length (eye.xyz);
  return projection * eye;
}

void main ()
{
  vec4 a = place (from), b = place (to);
  v_paint = paint;
  if (min (a.w, b.w) <= 0.0) { // an end behind the eye: not seen
    gl_Position = vec4 (2.0, 2.0, 2.0, 1.0);
    return;
  }
  vec2 along = (b.xy / b.w - a.xy / a.w) * size_px;
  along = length (along) > 0.0 ? normalize (along) : vec2 (1.0, 0.0);
  vec2 across = vec2 (-along.y, along.x);
  bool at_end = gl_VertexID >= 2;
  vec4 end = at_end ? b : a;
  // half a width beyond its ends, so that pieces meet without a gap
  vec2 offset_px = (at_end ? along : -along) + across * ((gl_VertexID & 1) == 0 ? -1.0 : 1.0);
  gl_Position = end + vec4 (offset_px * width_px / size_px * end.w, 0.0, 0.0);
}
