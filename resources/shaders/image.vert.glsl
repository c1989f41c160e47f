// A picture that stands in the scene.
uniform mat4 view_projection;
uniform vec3 corner, across, down; // mm: upper left corner, and the sides from there
out vec2 v_uv;                     // 0..1, downwards

void main ()
{
  v_uv = vec2 (gl_VertexID & 1, gl_VertexID >> 1);
  gl_Position = view_projection * vec4 (corner + v_uv.x * across + v_uv.y * down, 1.0);
}
