uniform mat4 view_projection;
layout (location = 0) in vec3 position; // mm

void main ()
{
  gl_Position = view_projection * vec4 (position, 1.0);
}
