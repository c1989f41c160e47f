// A picture of text laid on the finished frame, pixel for pixel.
uniform vec4 place; // left, bottom, width, height in -1..1
out vec2 v_uv;      // 0..1, downwards as cairo writes

void main ()
{
  vec2 corner = vec2 (gl_VertexID & 1, gl_VertexID >> 1);
  v_uv = vec2 (corner.x, 1.0 - corner.y);
  gl_Position = vec4 (place.xy + corner * place.zw, 0.0, 1.0);
}
