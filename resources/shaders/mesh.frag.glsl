// Tissue under three lamps that move with the eye. Linear light in, linear light out.
// PAINTED: some surface takes its colour from the map. TRANSLUCENT: colour is premultiplied.
uniform sampler2D colour_map;
uniform vec3 map_lines;   // contour step, middle, neutral half width; all in map positions

// centroid: at the outline the middle of a pixel may lie beside the triangle
centroid in vec3 v_eye;
centroid in vec3 v_normal;
centroid in float v_openness;
centroid in float v_value;
flat in vec4 v_colour;
flat in vec3 v_style;
out vec4 colour;

// to the lamp; eye space
const vec3 KEY = vec3 (-0.4495, 0.6243, 0.6389);
const vec3 FILL = vec3 (0.8080, -0.1010, 0.5805);
const vec3 BACK = vec3 (0.4350, 0.5657, -0.7005);
const vec3 KEY_LIGHT = vec3 (1.00, 0.955, 0.89) * 1.12;
const vec3 FILL_LIGHT = vec3 (0.66, 0.76, 0.92) * 0.30;
const vec3 BACK_LIGHT = vec3 (0.86, 0.93, 1.00) * 0.55;
const vec3 SKY = vec3 (0.27, 0.29, 0.33);
const vec3 GROUND = vec3 (0.15, 0.11, 0.10);
// light goes a little round the edge of shade, red farthest, as it does in tissue
const vec3 WRAP = vec3 (0.34, 0.17, 0.14);

float square (float x)
{
  return x * x;
}

vec3 wrapped (float cosine)
{
  return max ((vec3 (cosine) + WRAP) / (1.0 + WRAP), 0.0);
}

// Blinn-Phong, one broad and one narrow lobe; powers by squaring
float gloss (vec3 n, vec3 to_lamp, vec3 to_eye)
{
  float c = max (dot (n, normalize (to_lamp + to_eye)), 0.0);
  float c4 = square (square (c)), c16 = square (square (c4));
  return 0.10 * c16 + 0.22 * square (square (c16));
}

// Straight up to the knee, then bending towards 1: highlights keep their hue.
vec3 soft_shoulder (vec3 c)
{
  const float knee = 0.62;
  vec3 over = max (c - knee, 0.0) / (1.0 - knee);
  return min (c, knee) + (1.0 - knee) * over / (1.0 + over);
}

// Contour lines one and a half pixels wide, none inside the neutral band.
float contour ()
{
  float from_middle = v_value - map_lines.y;
  float at = from_middle / map_lines.x, nearest = floor (at + 0.5);
  if (map_lines.x <= 0.0 || abs (nearest * map_lines.x) <= map_lines.z)
    return 0.0;
  float width = max (fwidth (at), 1e-6);
  return (1.0 - smoothstep (0.4, 1.3, abs (at - nearest) / width)) * (1.0 - smoothstep (0.15, 0.4, width));
}

// Light that bounces between bright walls fills their shade.
// Source: Jimenez et al., "Practical realtime strategies for accurate indirect occlusion",
// SIGGRAPH 2016 courses, equation 11.
vec3 bounced (float openness, vec3 albedo)
{
  vec3 a = 2.0404 * albedo - 0.3324, b = 0.6417 - 4.7951 * albedo, c = 2.7552 * albedo + 0.6903;
  return max (vec3 (openness), ((openness * a + b) * openness + c) * openness);
}

void main ()
{
  vec3 to_eye = -normalize (v_eye);
  vec3 n = normalize (v_normal);
  n *= gl_FrontFacing ? 1.0 : -1.0;
  float facing = max (dot (n, to_eye), 0.0);

  vec3 albedo = v_colour.rgb;
  float gloss_share = v_openness;
#ifdef PAINTED
  vec3 paint = texture (colour_map, vec2 (v_value, 0.5)).rgb * (1.0 - 0.55 * contour ());
  albedo = mix (albedo, paint, v_style.z);
  gloss_share *= 1.0 - 0.65 * v_style.z;
#endif

  vec3 open = bounced (v_openness, albedo);
  vec3 light = (mix (GROUND, SKY, 0.5 + 0.5 * n.y) + FILL_LIGHT * wrapped (dot (n, FILL))) * open;
  light += KEY_LIGHT * wrapped (dot (n, KEY)) * mix (vec3 (1.0), open, 0.7);

#ifdef PAINTED
  // no tint from the lamps: the map's colours are numbers
  light = mix (light, vec3 (dot (light, vec3 (0.2126, 0.7152, 0.0722))), v_style.z);
#endif

  float rim = square (square (1.0 - facing));
  vec3 shine = KEY_LIGHT * gloss (n, KEY, to_eye) + FILL_LIGHT * gloss (n, FILL, to_eye);
  shine += BACK_LIGHT * (0.6 * rim * max (dot (n, BACK) + 0.6, 0.0));
  shine *= gloss_share;

#ifdef TRANSLUCENT
  // a thin wall is longer to look through aslant: clear in the middle, dense at the outline
  float alpha = 1.0 - exp2 (v_style.x * 0.5 / (facing + 0.07));
  shine *= gl_FrontFacing ? 1.0 : 0.3;
  colour = vec4 (soft_shoulder (albedo * light) * alpha + shine * (0.3 + 0.7 * v_colour.a), alpha);
#else
  colour = vec4 (soft_shoulder (albedo * light + shine), 1.0);
#endif
}
