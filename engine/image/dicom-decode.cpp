/* SPDX-License-Identifier: Apache-2.0 */

/* Ultrasound loops in DICOM (PS3.3: US Multi-frame and US Region Calibration modules) through GDCM.
 */

#include "engine/image/dicom-decode.h"

#include "engine/base/error.h"
#include "engine/base/words.h"
#include "engine/image/cine-driver.h"

#include <gdcmImage.h>
#include <gdcmImageReader.h>
#include <gdcmLookupTable.h>
#include <gdcmTrace.h>
#include <gdcmUIDs.h>

#include <cmath>
#include <cstdio>
#include <cstring>
#include <exception>
#include <fstream>
#include <new>
#include <optional>
#include <string>
#include <vector>

namespace
{

/* PS3.3 C.8.5.5.1 */
constexpr int FORMAT_2D = 1, DATA_TISSUE = 1, DATA_COLOUR_FLOW = 2, UNIT_CM = 3;

/* Reads up to the pixel data and no further: files with stray bytes behind them are common. */
class Reader : public gdcm::ImageReader
{
public:
  bool read_header ()
  {
    return ReadUpToTag (gdcm::Tag (0x7fe0, 0x0010));
  }

  bool read_pixels ()
  {
    gdcm::MediaStorage storage;
    storage.SetFromFile (*F);
    PixelData->SetTransferSyntax (F->GetHeader ().GetDataSetTransferSyntax ());
    return ReadImage (storage);
  }
};

/* How the values of an element are stored; GDCM keeps them in the machine's byte order. */
enum class Stored { US, UL, FL, FD, TEXT };

double
binary_value (const char *bytes, Stored stored)
{
  guint16 us;
  guint32 ul;
  float fl;
  double fd;
  switch (stored) {
  case Stored::US:
    std::memcpy (&us, bytes, sizeof us);
    return us;
  case Stored::UL:
    std::memcpy (&ul, bytes, sizeof ul);
    return ul;
  case Stored::FL:
    std::memcpy (&fl, bytes, sizeof fl);
    return fl;
  default:
    std::memcpy (&fd, bytes, sizeof fd);
    return fd;
  }
}

/* All values of an element; empty where it is absent or holds no number. */
std::vector<double>
numbers (const gdcm::DataSet &set, gdcm::Tag tag, Stored stored)
{
  std::vector<double> values;
  const gdcm::ByteValue *value =
    set.FindDataElement (tag) ? set.GetDataElement (tag).GetByteValue () : nullptr;
  if (value == nullptr)
    return values;
  std::string bytes (value->GetPointer (), value->GetLength ());
  if (stored != Stored::TEXT) {
    size_t n_bytes = stored == Stored::US ? 2 : stored == Stored::FD ? 8 : 4;
    for (size_t at = 0; at + n_bytes <= bytes.size (); at += n_bytes)
      values.push_back (binary_value (bytes.data () + at, stored));
    return values;
  }
  g_auto (GStrv) words = g_strsplit (bytes.c_str (), "\\", -1);
  for (char **word = words; *word != nullptr; word++) {
    char *end;
    double number = g_ascii_strtod (*word, &end);
    if (end == *word)
      return {};
    values.push_back (number);
  }
  return values;
}

std::optional<double>
number (const gdcm::DataSet &set, gdcm::Tag tag, Stored stored)
{
  std::vector<double> values = numbers (set, tag, stored);
  if (values.empty () || !std::isfinite (values[0]))
    return std::nullopt;
  return values[0];
}

/* One item of the Sequence of Ultrasound Regions that shows anatomy in centimetres. */
struct Region {
  double min_x, min_y, max_x, max_y; /* pixels, inclusive */
  double spacing_x, spacing_y;       /* mm per pixel */
  bool tissue;

  double area () const
  {
    return (max_x - min_x + 1) * (max_y - min_y + 1);
  }
};

std::optional<Region>
region_of (const gdcm::DataSet &item)
{
  int format = int (number (item, {0x0018, 0x6012}, Stored::US).value_or (-1));
  int data = int (number (item, {0x0018, 0x6014}, Stored::US).value_or (-1));
  int unit_x = int (number (item, {0x0018, 0x6024}, Stored::US).value_or (0));
  int unit_y = int (number (item, {0x0018, 0x6026}, Stored::US).value_or (0));
  bool anatomy = format == FORMAT_2D && (data == DATA_TISSUE || data == DATA_COLOUR_FLOW);
  if (!anatomy || unit_x != UNIT_CM || unit_y != UNIT_CM)
    return std::nullopt;

  /* deltas count rightward and downward and may be negative: only their size is a length */
  double spacing_x = 10 * std::fabs (number (item, {0x0018, 0x602c}, Stored::FD).value_or (0));
  double spacing_y = 10 * std::fabs (number (item, {0x0018, 0x602e}, Stored::FD).value_or (0));
  if (!ut_cine_spacing_is_sound (spacing_x) || !ut_cine_spacing_is_sound (spacing_y))
    return std::nullopt;
  Region region = {number (item, {0x0018, 0x6018}, Stored::UL).value_or (0),
                   number (item, {0x0018, 0x601a}, Stored::UL).value_or (0),
                   number (item, {0x0018, 0x601c}, Stored::UL).value_or (0),
                   number (item, {0x0018, 0x601e}, Stored::UL).value_or (0),
                   spacing_x,
                   spacing_y,
                   data == DATA_TISSUE};
  if (region.max_x <= region.min_x || region.max_y <= region.min_y)
    return std::nullopt;
  return region;
}

/* Tissue before colour flow, then the largest. */
std::optional<Region>
best_region (const gdcm::DataSet &set)
{
  gdcm::Tag tag (0x0018, 0x6011);
  if (!set.FindDataElement (tag))
    return std::nullopt;
  gdcm::SmartPointer<gdcm::SequenceOfItems> items = set.GetDataElement (tag).GetValueAsSQ ();
  if (!items)
    return std::nullopt;
  std::optional<Region> best;
  for (gdcm::SequenceOfItems::SizeType i = 1; i <= items->GetNumberOfItems (); i++) {
    std::optional<Region> region = region_of (items->GetItem (i).GetNestedDataSet ());
    if (region && (!best || region->tissue > best->tissue ||
                   (region->tissue == best->tissue && region->area () > best->area ())))
      best = region;
  }
  return best;
}

/* A region that exceeds the picture was written for a larger one: the pixels were reduced
 * afterwards, by a whole number as far as is known, and the spacing grows by it. */
void
set_spacing (UtCine *cine, const gdcm::DataSet &set)
{
  std::optional<Region> found = best_region (set);
  if (!found)
    return;
  Region region = *found;
  double excess = std::max ((region.max_x + 1) / cine->width, (region.max_y + 1) / cine->height);
  double reduction = std::max (1.0, std::ceil (excess - 1e-9));
  if (!ut_cine_spacing_is_sound (region.spacing_x * reduction) ||
      !ut_cine_spacing_is_sound (region.spacing_y * reduction))
    return;

  cine->calibration = UT_CALIBRATION_DICOM;
  cine->spacing_mm[0] = region.spacing_y * reduction;
  cine->spacing_mm[1] = region.spacing_x * reduction;
  cine->region[0] = guint (region.min_x / reduction);
  cine->region[1] = guint (region.min_y / reduction);
  cine->region[2] =
    guint (std::min (double (cine->width), (region.max_x + 1) / reduction)) - cine->region[0];
  cine->region[3] =
    guint (std::min (double (cine->height), (region.max_y + 1) / reduction)) - cine->region[1];
  cine->spacing_scaled = reduction > 1;
  if (cine->spacing_scaled)
    ut_cine_take_note (
      cine,
      g_strdup_printf (ut_words ("The calibrated region was written for a picture %g "
                                 "times as large: the spacing was scaled to match, "
                                 "please check it against the depth scale."),
                       reduction));
}

std::vector<double>
frame_steps_ms (const gdcm::DataSet &set, guint n_frames)
{
  std::vector<double> vector = numbers (set, {0x0018, 0x1065}, Stored::TEXT);
  std::optional<double> step = number (set, {0x0018, 0x1063}, Stored::TEXT);
  std::optional<double> cine_rate = number (set, {0x0018, 0x0040}, Stored::TEXT);
  std::optional<double> display_rate = number (set, {0x0008, 0x2144}, Stored::TEXT);

  /* the Frame Increment Pointer, a tag, says which of the two counts */
  std::vector<double> pointer = numbers (set, {0x0028, 0x0009}, Stored::US);
  bool points_to_vector = pointer.size () >= 2 && pointer[0] == 0x0018 && pointer[1] == 0x1065;
  if (vector.size () == n_frames && (points_to_vector || !step))
    return vector;
  if (!step && cine_rate && *cine_rate > 0)
    step = 1000 / *cine_rate;
  if (!step && display_rate && *display_rate > 0)
    step = 1000 / *display_rate;
  if (!step || !(*step > 0))
    return {};
  return std::vector<double> (n_frames, *step);
}

void
set_times (UtCine *cine, const gdcm::DataSet &set)
{
  std::vector<double> steps = frame_steps_ms (set, cine->n_frames);
  if (!steps.empty ()) {
    double *times_ms = g_new0 (double, cine->n_frames);
    for (guint i = 1; i < cine->n_frames; i++) /* the first increment leads to the first frame */
      times_ms[i] = times_ms[i - 1] + steps[i];
    ut_cine_take_times (cine, times_ms);
  }
  std::vector<double> r_waves = numbers (set, {0x0018, 0x6060}, Stored::FL);
  if (!r_waves.empty () && r_waves.size () <= UT_CINE_MAX_FRAMES) {
    cine->r_waves_ms = g_new (double, r_waves.size ());
    cine->n_r_waves = 0;
    for (double r_wave : r_waves)
      if (std::isfinite (r_wave))
        cine->r_waves_ms[cine->n_r_waves++] = r_wave;
  }
  double rate = number (set, {0x0018, 0x1088}, Stored::TEXT).value_or (0);
  if (rate > 0 && rate < 400)
    cine->heart_rate_bpm = rate;
}

/* An element of text without the blanks around it; empty where it is not there */
std::string
text_of (const gdcm::DataSet &set, gdcm::Tag tag)
{
  const gdcm::ByteValue *value =
    set.FindDataElement (tag) ? set.GetDataElement (tag).GetByteValue () : nullptr;
  std::string text = value ? std::string (value->GetPointer (), value->GetLength ()) : "";
  static const std::string blanks (" \t\r\n\0", 5);
  size_t first = text.find_first_not_of (blanks), last = text.find_last_not_of (blanks);
  return first == std::string::npos ? "" : text.substr (first, last - first + 1);
}

/* Patient's Sex, Size (m) and Weight (kg); what cannot be is left out */
void
set_body (UtCine *cine, const gdcm::DataSet &set)
{
  UtBody height = {
    UT_SEX_UNKNOWN, 100 * number (set, {0x0010, 0x1020}, Stored::TEXT).value_or (0), 0};
  UtBody weight = {UT_SEX_UNKNOWN, 0, number (set, {0x0010, 0x1030}, Stored::TEXT).value_or (0)};
  const char letter = text_of (set, {0x0010, 0x0040})[0];
  cine->body.sex = letter == 'F' ? UT_SEX_FEMALE : letter == 'M' ? UT_SEX_MALE : UT_SEX_UNKNOWN;
  if (ut_body_is_sound (&height, nullptr))
    cine->body.height_cm = height.height_cm;
  if (ut_body_is_sound (&weight, nullptr))
    cine->body.weight_kg = weight.weight_kg;
}

char *
hash_of (const std::string &text)
{
  return g_compute_checksum_for_string (
    G_CHECKSUM_SHA256, text.data (), static_cast<gssize> (text.size ()));
}

/* Whom it shows: by Patient ID, else by name and birth date; and the Study Instance UID */
void
set_origin (UtCine *cine, const gdcm::DataSet &set)
{
  const std::string id = text_of (set, {0x0010, 0x0020}), name = text_of (set, {0x0010, 0x0010});
  const std::string exam = text_of (set, {0x0020, 0x000d});
  if (!id.empty () || !name.empty ())
    cine->patient = hash_of (id.empty () ? name + "\n" + text_of (set, {0x0010, 0x0030}) : id);
  if (!exam.empty ())
    cine->exam = hash_of (exam);
}

/* View Name or the meanings of the View Code Sequence, where a machine writes them. */
void
set_view (UtCine *cine, const gdcm::DataSet &set)
{
  std::string text;
  gdcm::Tag name_tag (0x0008, 0x2127);
  if (set.FindDataElement (name_tag) && set.GetDataElement (name_tag).GetByteValue ())
    text = std::string (set.GetDataElement (name_tag).GetByteValue ()->GetPointer (),
                        set.GetDataElement (name_tag).GetByteValue ()->GetLength ());
  gdcm::Tag code_tag (0x0054, 0x0220), meaning_tag (0x0008, 0x0104);
  gdcm::SmartPointer<gdcm::SequenceOfItems> codes =
    set.FindDataElement (code_tag) ? set.GetDataElement (code_tag).GetValueAsSQ () : nullptr;
  if (codes && codes->GetNumberOfItems () > 0) {
    const gdcm::DataSet &item = codes->GetItem (1).GetNestedDataSet ();
    if (item.FindDataElement (meaning_tag) && item.GetDataElement (meaning_tag).GetByteValue ())
      text += std::string (item.GetDataElement (meaning_tag).GetByteValue ()->GetPointer (),
                           item.GetDataElement (meaning_tag).GetByteValue ()->GetLength ());
  }
  static const struct {
    const char *words;
    UtView view;
  } known[] = {
    {"four chamber", UT_VIEW_A4C},
    {"4 chamber", UT_VIEW_A4C},
    {"4-chamber", UT_VIEW_A4C},
    {"a4c", UT_VIEW_A4C},
    {"ap4", UT_VIEW_A4C},
    {"two chamber", UT_VIEW_A2C},
    {"2 chamber", UT_VIEW_A2C},
    {"2-chamber", UT_VIEW_A2C},
    {"a2c", UT_VIEW_A2C},
    {"ap2", UT_VIEW_A2C},
    {"psax", UT_VIEW_PSAX},
    {"short axis", UT_VIEW_PSAX},
  };
  for (char &c : text)
    c = g_ascii_tolower (c);
  for (const auto &entry : known)
    if (cine->view_hint < 0 && text.find (entry.words) != std::string::npos)
      cine->view_hint = entry.view;
}

/* How one stored pixel becomes grey. */
class GreyMap
{
public:
  GreyMap (const gdcm::Image &image, bool *ret_known)
  {
    const gdcm::PhotometricInterpretation &kind = image.GetPhotometricInterpretation ();
    n_samples = image.GetPixelFormat ().GetSamplesPerPixel ();
    n_bytes = image.GetPixelFormat ().GetPixelSize () / n_samples;
    planar = image.GetPlanarConfiguration () == 1;
    std::string name = kind.GetString ();
    luma_first = name.rfind ("YBR", 0) == 0; /* Y of YCbCr is the grey picture itself */
    inverted = name.rfind ("MONOCHROME1", 0) == 0;
    bool palette = name.rfind ("PALETTE", 0) == 0;
    bool grey = name.rfind ("MONOCHROME", 0) == 0;
    bool rgb = name.rfind ("RGB", 0) == 0;
    unsigned bits = image.GetPixelFormat ().GetBitsStored ();
    shift = bits > 8 ? bits - 8 : 0;
    *ret_known = (n_samples == 3 && n_bytes == 1 && (luma_first || rgb)) ||
                 (n_samples == 1 && n_bytes <= 2 && grey) ||
                 (n_samples == 1 && n_bytes == 1 && palette && read_palette (image));
  }

  guint8 at (const std::vector<char> &buffer, size_t pixel, size_t n_in_frame, size_t frame) const
  {
    const guint8 *bytes = reinterpret_cast<const guint8 *> (buffer.data ());
    if (n_samples == 3) {
      const guint8 *first = bytes + 3 * n_in_frame * frame + (planar ? pixel : 3 * pixel);
      size_t next = planar ? n_in_frame : 1;
      return luma_first ? first[0] : luma (first[0], first[next], first[2 * next]);
    }
    size_t i = n_in_frame * frame + pixel;
    if (!lut.empty ())
      return lut[bytes[i]];
    unsigned value =
      n_bytes == 2 ? unsigned (bytes[2 * i]) | unsigned (bytes[2 * i + 1]) << 8 : bytes[i];
    guint8 grey = guint8 (MIN (value >> shift, 255u));
    return inverted ? 255 - grey : grey;
  }

private:
  static guint8 luma (unsigned red, unsigned green, unsigned blue) /* Rec. 601 */
  {
    return guint8 ((77 * red + 150 * green + 29 * blue + 128) >> 8);
  }

  bool read_palette (const gdcm::Image &image)
  {
    std::vector<unsigned char> rgba (4 * 256, 0);
    const gdcm::LookupTable &table = image.GetLUT ();
    if (!table.Initialized () || !table.GetBufferAsRGBA (rgba.data ()))
      return false;
    for (int i = 0; i < 256; i++)
      lut.push_back (luma (rgba[4 * i], rgba[4 * i + 1], rgba[4 * i + 2]));
    return true;
  }

  unsigned n_samples, n_bytes, shift;
  bool planar, luma_first, inverted;
  std::vector<guint8> lut;
};

bool
decode (UtCine *cine, const gdcm::Image &image, GError **error)
{
  bool known;
  GreyMap map (image, &known);
  if (!known)
    return ut_fail (error,
                    UT_ENGINE_ERROR_UNSUPPORTED,
                    ut_words ("pixels of kind %s with this layout are not read"),
                    image.GetPhotometricInterpretation ().GetString ());
  size_t n_in_frame = size_t (cine->height) * cine->width;
  unsigned long frame_bytes = n_in_frame * image.GetPixelFormat ().GetPixelSize ();
  unsigned long want = frame_bytes * cine->n_frames;
  const gdcm::ByteValue *raw = image.GetDataElement ().GetByteValue (); /* none where compressed */
  unsigned long held = raw != nullptr ? static_cast<unsigned long> (raw->GetLength ()) : want;
  if (image.GetBufferLength () != want || held < want || held >= want + frame_bytes)
    return ut_fail (error,
                    UT_ENGINE_ERROR_FORMAT,
                    ut_words ("the pixel data do not match Rows, Columns and Number of Frames"));
  std::vector<char> buffer (want);
  if (!image.GetBuffer (buffer.data ()))
    return ut_fail (
      error, UT_ENGINE_ERROR_FORMAT, ut_words ("the pixel data are damaged and cannot be decoded"));
  for (size_t frame = 0; frame < cine->n_frames; frame++)
    for (size_t pixel = 0; pixel < n_in_frame; pixel++)
      cine->pixels[frame * n_in_frame + pixel] = map.at (buffer, pixel, n_in_frame, frame);
  return true;
}

bool
transfer_syntax_is_read (const gdcm::TransferSyntax &syntax, GError **error)
{
  if (syntax != gdcm::TransferSyntax::TS_END && !syntax.IsEncapsulated ())
    return true;
  switch (gdcm::TransferSyntax::TSType (syntax)) {
  case gdcm::TransferSyntax::JPEGBaselineProcess1:
  case gdcm::TransferSyntax::JPEGExtendedProcess2_4:
  case gdcm::TransferSyntax::JPEGLosslessProcess14:
  case gdcm::TransferSyntax::JPEGLosslessProcess14_1:
  case gdcm::TransferSyntax::JPEGLSLossless:
  case gdcm::TransferSyntax::JPEGLSNearLossless:
  case gdcm::TransferSyntax::JPEG2000Lossless:
  case gdcm::TransferSyntax::JPEG2000:
  case gdcm::TransferSyntax::RLELossless:
    return true;
  default: {
    const char *uid = syntax.GetString ();
    return ut_fail (
      error,
      UT_ENGINE_ERROR_UNSUPPORTED,
      ut_words (
        "the transfer syntax %s is not read, want uncompressed, JPEG, JPEG-LS, JPEG 2000 or RLE"),
      uid ? uid : "?");
  }
  }
}

/* Sizes are checked on the header, before anything is allocated for the pixels. */
UtCine *
new_cine (const gdcm::DataSet &set, GError **error)
{
  double rows = number (set, {0x0028, 0x0010}, Stored::US).value_or (0);
  double columns = number (set, {0x0028, 0x0011}, Stored::US).value_or (0);
  double n_frames = number (set, {0x0028, 0x0008}, Stored::TEXT).value_or (1);
  bool sane = rows >= 1 && rows <= UT_CINE_MAX_SIDE && columns >= 1 &&
              columns <= UT_CINE_MAX_SIDE && n_frames >= 1 && n_frames <= UT_CINE_MAX_FRAMES;
  if (!sane) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_RANGE,
                 ut_words ("%g frames of %g x %g pixels, want 1 to %d frames of at most %d x %d"),
                 n_frames,
                 columns,
                 rows,
                 UT_CINE_MAX_FRAMES,
                 UT_CINE_MAX_SIDE,
                 UT_CINE_MAX_SIDE);
    return nullptr;
  }
  return ut_cine_new (guint (n_frames), guint (rows), guint (columns), error);
}

UtCine *
decode_throwing (const char *path, GError **error)
{
  Reader reader;
  std::ifstream stream (path, std::ios::binary);
  reader.SetStream (stream);
  if (!reader.read_header ()) {
    ut_fail (error, UT_ENGINE_ERROR_FORMAT, ut_words ("a damaged or truncated DICOM file"));
    return nullptr;
  }
  const gdcm::DataSet &set = reader.GetFile ().GetDataSet ();
  if (!transfer_syntax_is_read (reader.GetFile ().GetHeader ().GetDataSetTransferSyntax (), error))
    return nullptr;
  g_autoptr (UtCine) cine = new_cine (set, error);
  if (cine == nullptr)
    return nullptr;
  if (!reader.read_pixels ()) {
    ut_fail (error,
             UT_ENGINE_ERROR_FORMAT,
             ut_words ("a DICOM file whose picture description is damaged"));
    return nullptr;
  }
  if (!decode (cine, reader.GetImage (), error))
    return nullptr;
  set_spacing (cine, set);
  set_times (cine, set);
  set_body (cine, set);
  set_origin (cine, set);
  set_view (cine, set);
  return static_cast<UtCine *> (g_steal_pointer (&cine));
}

} // namespace

UtCine *
ut_dicom_decode (const char *path, GError **error)
{
  gdcm::Trace::WarningOff (); /* GDCM prints otherwise */
  gdcm::Trace::ErrorOff ();
  try {
    return decode_throwing (path, error);
  } catch (const std::bad_alloc &) {
    ut_fail (error, UT_ENGINE_ERROR_MEMORY, ut_words ("no memory to decode this DICOM file"));
  } catch (const std::exception &) { /* GDCM throws on what it cannot parse */
    ut_fail (error, UT_ENGINE_ERROR_FORMAT, ut_words ("a damaged DICOM file"));
  }
  return nullptr;
}
