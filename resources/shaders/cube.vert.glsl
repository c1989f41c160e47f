uniform mat4 view_projection;
uniform mat3 eye_from_scene;

layout (location = 0) in vec3 position; // corners at +-1, turned into the scene
layout (location = 1) in vec3 normal;
layout (location = 2) in vec3 face; // across, up: -1..1; number of the letter

out vec3 v_normal;
out vec2 v_face;
flat out float v_letter;

void main ()
{
  gl_Position = view_projection * vec4 (position, 1.0);
  v_normal = eye_from_scene * normal;
  v_face = face.xy;
  v_letter = face.z;
}
