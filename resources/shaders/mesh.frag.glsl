// Tissue under three lamps that move with the eye. Linear light in, linear light out.
uniform sampler2D colour_map;
uniform vec3 map_lines;   // contour step, middle, neutral half width; all in map positions
uniform bool translucent; // else opaque

in vec3 v_eye;
in vec3 v_normal;
in float v_openness;
in float v_value;
flat in vec4 v_colour;
flat in vec3 v_style;
out vec4 colour; // premultiplied where translucent

// to the lamp; eye space
const vec3 KEY = vec3 (-0.4495, 0.6243, 0.6389);
const vec3 FILL = vec3 (0.8080, -0.1010, 0.5805);
const vec3 BACK = vec3 (0.4350, 0.5657, -0.7005);
const vec3 KEY_LIGHT = vec3 (1.00, 0.955, 0.89) * 0.98;
const vec3 FILL_LIGHT = vec3 (0.66, 0.76, 0.92) * 0.24;
const vec3 BACK_LIGHT = vec3 (0.86, 0.93, 1.00) * 0.42;
const vec3 SKY = vec3 (0.40, 0.43, 0.48);
const vec3 GROUND = vec3 (0.20, 0.16, 0.15);
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

void main ()
{
  vec3 to_eye = -normalize (v_eye);
  vec3 n = normalize (v_normal);
  float facing = dot (n, to_eye);
  float side = facing < 0.0 ? -1.0 : 1.0;
  n *= side;
  facing = abs (facing);

  bool painted = v_style.z > 0.5;
  vec3 albedo = painted ? texture (colour_map, vec2 (v_value, 0.5)).rgb : v_colour.rgb;
  float line = painted ? contour () : 0.0;
  albedo *= 1.0 - 0.55 * line;

  // light that bounces between bright walls: shade is deeper where tissue is dark
  vec3 open = pow (vec3 (v_openness), 1.35 - 0.55 * albedo);
  vec3 light = SKY * (0.5 + 0.5 * n.y) + GROUND * (0.5 - 0.5 * n.y);
  light = light * open + FILL_LIGHT * wrapped (dot (n, FILL)) * open;
  light += KEY_LIGHT * wrapped (dot (n, KEY)) * mix (vec3 (1.0), open, 0.65);

  float rim = square (square (1.0 - facing));
  vec3 shine = KEY_LIGHT * gloss (n, KEY, to_eye) + FILL_LIGHT * gloss (n, FILL, to_eye);
  shine += BACK_LIGHT * rim * max (dot (n, BACK) + 0.6, 0.0) * 0.6;
  shine *= v_openness * (painted ? 0.35 : 1.0);

  if (!translucent) {
    colour = vec4 (soft_shoulder (albedo * light + shine), 1.0);
    return;
  }
  // a thin wall seen aslant is longer to look through
  float alpha = 1.0 - exp2 (v_style.x / mix (facing, 1.0, 0.3));
  if (side < 0.0)
    shine *= 0.3;
  colour = vec4 (soft_shoulder (albedo * light) * alpha + shine * v_colour.a, alpha);
}
