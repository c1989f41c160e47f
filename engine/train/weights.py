# SPDX-License-Identifier: Apache-2.0
"""safetensors files: writer, reader, and the network's weights in them."""
import json
import struct

import numpy as np
import torch

_DTYPES = {"F32": np.float32, "F16": np.float16, "U8": np.uint8, "I64": np.int64}
_NAMES = {np.dtype(v): k for k, v in _DTYPES.items()}


def write(path, tensors, metadata):
    """tensors: name -> array. Large ones first, data from a multiple of 64."""
    order = sorted(tensors, key=lambda name: (-tensors[name].nbytes, name))
    header, offset = {"__metadata__": metadata}, 0
    for name in order:
        a = tensors[name]
        header[name] = {"dtype": _NAMES[a.dtype], "shape": list(a.shape),
                        "data_offsets": [offset, offset + a.nbytes]}
        offset += a.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % 64)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for name in order:
            file.write(np.ascontiguousarray(tensors[name]).tobytes())


def read(path):
    """(name -> array, metadata)"""
    with open(path, "rb") as file:
        size, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        data = file.read()
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, e in header.items():
        begin, end = e["data_offsets"]
        tensors[name] = np.frombuffer(data[begin:end], _DTYPES[e["dtype"]]).reshape(e["shape"])
    return tensors, metadata


def from_model(model):
    """Arrays of a model: float16, but statistics and affine of batch norms, and the latents of
    templates float32; whole numbers stay whole."""
    arrays = {}
    for name, tensor in model.state_dict().items():
        if name.endswith("num_batches_tracked"):
            continue
        exact = ".bn" in name or ".downsample.1." in name or name in ("ts.latent", "ts.std")
        kind = np.uint8 if tensor.dtype == torch.uint8 else np.float32 if exact else np.float16
        arrays[name] = tensor.detach().cpu().numpy().astype(kind)
    return arrays


def into_model(model, arrays):
    state = {k: torch.from_numpy(np.array(v, dtype=np.float32)) for k, v in arrays.items()}
    missing, unknown = model.load_state_dict(state, strict=False)
    missing = [m for m in missing if not m.endswith("num_batches_tracked")]
    if missing or unknown:
        raise ValueError(f"weights do not fit: missing {missing[:3]}, unknown {unknown[:3]}")
    return model


def save(path, model, config, **notes):
    metadata = {"format": "ultratwin", "format_version": "1",
                "config": json.dumps(config, separators=(",", ":")), **notes}
    write(path, from_model(model), metadata)


def start(model, path, names=""):
    """Takes those tensors of a file that fit a new model by name and shape, of all or of those whose
    names start with (one of) names; returns their names."""
    arrays, own = read(path)[0], model.state_dict()
    fit = [k for k, v in arrays.items()
           if k.startswith(names) and k in own and own[k].shape == v.shape]
    model.load_state_dict({k: torch.from_numpy(np.array(arrays[k], dtype=np.float32))
                           for k in fit}, strict=False)
    return fit


def load(path):
    """(model in evaluation mode, config)"""
    from model import Twin
    arrays, metadata = read(path)
    config = json.loads(metadata["config"])
    return into_model(Twin(config), arrays).eval(), config
