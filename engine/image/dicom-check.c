/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/image/dicom-check.h"

#include "engine/base/error.h"
#include "engine/base/words.h"

#include <string.h>

#define MAX_DEPTH 16 /* of sequences in sequences; ultrasound has 3 */
#define UNDEFINED 0xffffffffu

enum {
  TAG_TRANSFER_SYNTAX = 0x00020010,
  TAG_PIXEL_DATA = 0x7fe00010,
  TAG_ITEM = 0xfffee000,
  TAG_ITEM_END = 0xfffee00d,
  TAG_SEQUENCE_END = 0xfffee0dd,
};

typedef struct Walk {
  const guint8 *bytes;
  gsize at, end;
  gboolean implicit_vr, big_endian;
} Walk;

typedef struct Element {
  guint32 tag;
  char vr[3]; /* "" where the file does not say */
  guint32 length;
} Element;

static gboolean walk_items (Walk *walk, gsize end, gboolean fragments, guint depth);

static gsize
left (const Walk *walk)
{
  return walk->end - walk->at;
}

static guint32
take (Walk *walk, guint n_bytes)
{
  guint32 value = 0;
  for (guint i = 0; i < n_bytes; i++) {
    guint shift = 8 * (walk->big_endian ? n_bytes - 1 - i : i);
    value |= (guint32)walk->bytes[walk->at++] << shift;
  }
  return value;
}

static gboolean
vr_is_long (const char *vr)
{
  return strstr ("OB OD OF OL OV OW SQ SV UC UN UR UT UV", vr) != NULL;
}

/* Reads tag, VR and length; FALSE at the end of the bytes or where the VR is none */
static gboolean
take_element (Walk *walk, Element *ret)
{
  if (left (walk) < 8)
    return FALSE;
  guint32 group = take (walk, 2);
  *ret = (Element){.tag = group << 16 | take (walk, 2)};
  if (walk->implicit_vr || group == 0xfffe) { /* items never carry a VR */
    ret->length = take (walk, 4);
    return TRUE;
  }
  memcpy (ret->vr, walk->bytes + walk->at, 2);
  walk->at += 2;
  if (!g_ascii_isupper (ret->vr[0]) || !g_ascii_isupper (ret->vr[1]))
    return FALSE;
  if (!vr_is_long (ret->vr)) {
    ret->length = take (walk, 2);
    return TRUE;
  }
  if (left (walk) < 6)
    return FALSE;
  walk->at += 2;
  ret->length = take (walk, 4);
  return TRUE;
}

static gboolean
begins_with_item (const Walk *walk, guint32 length)
{
  Walk ahead = *walk;
  Element element;
  return length >= 8 && take_element (&ahead, &element) && element.tag == TAG_ITEM;
}

/* Passes over the value of an element whose header was taken */
static gboolean
walk_value (Walk *walk, const Element *element, guint depth)
{
  gboolean fragments = element->tag == TAG_PIXEL_DATA && element->length == UNDEFINED;
  if (element->length == UNDEFINED) {
    /* PS3.5 6.2.2: what hides behind UN of undefined length is implicit little endian */
    Walk inner = *walk;
    if (g_str_equal (element->vr, "UN"))
      inner.implicit_vr = TRUE;
    gboolean whole = walk_items (&inner, walk->end, fragments, depth + 1);
    walk->at = inner.at;
    return whole;
  }
  if (element->length > left (walk))
    return FALSE;
  gboolean sequence = g_str_equal (element->vr, "SQ") ||
                      (walk->implicit_vr && begins_with_item (walk, element->length));
  if (sequence && element->length > 0)
    return walk_items (walk, walk->at + element->length, FALSE, depth + 1);
  walk->at += element->length;
  return TRUE;
}

/* The elements of one item, up to @end or to its delimiter */
static gboolean
walk_item (Walk *walk, gsize end, gboolean delimited, guint depth)
{
  Element element;
  while (walk->at < end) {
    if (!take_element (walk, &element))
      return FALSE;
    if (element.tag == TAG_ITEM_END)
      return delimited && element.length == 0;
    if (!walk_value (walk, &element, depth) || walk->at > end)
      return FALSE;
  }
  return !delimited;
}

/* Items of a sequence or fragments of pixel data, up to @end or to the delimiter */
static gboolean
walk_items (Walk *walk, gsize end, gboolean fragments, guint depth)
{
  Element item;
  if (depth > MAX_DEPTH)
    return FALSE;
  gboolean delimited = end == walk->end;
  while (walk->at < end) {
    if (!take_element (walk, &item))
      return FALSE;
    if (item.tag == TAG_SEQUENCE_END)
      return item.length == 0;
    if (item.tag != TAG_ITEM || (item.length != UNDEFINED && item.length > end - walk->at))
      return FALSE;
    if (fragments && item.length == UNDEFINED)
      return FALSE;
    if (fragments) {
      walk->at += item.length;
    } else {
      gboolean open_end = item.length == UNDEFINED;
      if (!walk_item (walk, open_end ? end : walk->at + item.length, open_end, depth))
        return FALSE;
    }
  }
  return !delimited || walk->at == end;
}

/* File meta information is always explicit little endian; (transfer full): the transfer syntax */
static char *
walk_meta (Walk *walk)
{
  char *syntax = NULL;
  Element element;
  while (left (walk) >= 8 && walk->bytes[walk->at] == 2 && walk->bytes[walk->at + 1] == 0) {
    gboolean whole = take_element (walk, &element) && element.length <= left (walk);
    if (!whole) {
      g_free (syntax);
      return NULL;
    }
    if (element.tag == TAG_TRANSFER_SYNTAX && syntax == NULL) {
      syntax = g_strndup ((const char *)walk->bytes + walk->at, element.length);
      g_strstrip (syntax);
    }
    walk->at += element.length;
  }
  return syntax;
}

static gboolean
walk_to_pixels (Walk *walk)
{
  Element element;
  while (take_element (walk, &element)) {
    if (!walk_value (walk, &element, 0))
      return FALSE;
    if (element.tag == TAG_PIXEL_DATA)
      return element.length > 0;
  }
  return FALSE;
}

gboolean
ut_dicom_check (const guint8 *bytes, gsize n_bytes, GError **error)
{
  gboolean preamble = n_bytes >= 132 && memcmp (bytes + 128, "DICM", 4) == 0;
  Walk walk = {.bytes = bytes, .at = preamble ? 132 : 0, .end = n_bytes};
  g_autofree char *syntax = walk_meta (&walk);
  if (syntax == NULL) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("a DICOM file without a transfer syntax, or cut off in its first part"));
    return FALSE;
  }
  if (g_str_equal (syntax, "1.2.840.10008.1.2.1.99")) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_UNSUPPORTED,
                 ut_words ("the deflated transfer syntax %s is not read"),
                 syntax);
    return FALSE;
  }
  walk.implicit_vr = g_str_equal (syntax, "1.2.840.10008.1.2");
  walk.big_endian = g_str_equal (syntax, "1.2.840.10008.1.2.2");
  if (!walk_to_pixels (&walk)) {
    g_set_error (error,
                 UT_ENGINE_ERROR,
                 UT_ENGINE_ERROR_FORMAT,
                 ut_words ("a DICOM file that is damaged, cut off or without pictures (at byte "
                           "%zu of %zu)"),
                 walk.at,
                 n_bytes);
    return FALSE;
  }
  return TRUE;
}
