uniform mat4 view, projection;
uniform vec4 clip_plane; // normal, -distance from 0; what lies in front of it is cut away
uniform vec4 item_colours[MAX_ITEMS]; // linear red, green, blue; opacity
uniform vec4 item_styles[MAX_ITEMS];  // log2 (1 - opacity); push away, mm; painted 0 or 1; unused
uniform vec2 map_range;               // value at the low end; 1 / width

layout (location = 0) in vec3 position; // mm
layout (location = 1) in vec4 normal;   // w: openness
layout (location = 2) in float value;
layout (location = 3) in uint item;

centroid out vec3 v_eye; // mm, eye space
centroid out vec3 v_normal;
centroid out float v_openness;
centroid out float v_value; // 0..1 over the colour map
flat out vec4 v_colour;
flat out vec3 v_style;

void main ()
{
  vec4 eye = view * vec4 (position, 1.0);
  gl_ClipDistance[0] = -dot (clip_plane, vec4 (position, 1.0));
  v_colour = item_colours[item];
  v_style = item_styles[item].xyz;
  v_eye = eye.xyz;
  v_normal = mat3 (view) * normal.xyz;
  v_openness = normal.w;
  v_value = (value - map_range.x) * map_range.y;
  // along the line of sight: the place in the picture stays
  eye.xyz *= 1.0 + v_style.y / length (eye.xyz);
  gl_Position = projection * eye;
}
