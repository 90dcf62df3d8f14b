"""Counts the parameters of a model in the heads of its safetensors files."""

from collections.abc import Iterable

from phidesk.core.safetensors import SafetensorsHead, Tensor

# The library's own names: https://docs.rs/safetensors/latest/safetensors/tensor/enum.Dtype.html
_BITS = {
    "BOOL": 8, "F4": 4, "F6_E2M3": 6, "F6_E3M2": 6, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8,
    "F8_E8M0": 8, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32,
    "C64": 64, "F64": 64, "I64": 64, "U64": 64,
}  # fmt: skip

# What a quantized layer holds beside its weights.
_BESIDE = (
    ".qzeros", ".scales", ".g_idx", ".weight_scale", ".weight_scale_inv", ".weight_zero_point",
    ".input_scale", ".weight_shape", ".weight_g_idx", ".weight_global_scale", ".SCB", ".absmax",
    ".quant_map", ".nested_absmax", ".nested_quant_map", ".weight_format",
)  # fmt: skip
_PACKED = (".qweight", ".weight_packed")


def count_parameters(
    heads: Iterable[SafetensorsHead], method: str, bits: float | None
) -> int | None:
    """Return the number of parameters; None where a packed tensor's bits are not known.

    From the bytes of the tensors, which the reader has compared with the file, not from shapes
    that may be anything. A tensor that lies in two files is counted once.
    """
    heads = list(heads)
    if not method and len(heads) == 1:  # most models: no tensor has to be looked at
        dtypes = heads[0].dtypes
        if dtypes.keys() <= _BITS.keys():
            return sum(size * 8 // _BITS[dtype] for dtype, size in dtypes.items())
    counted: dict[str, int] = {}
    for head in heads:
        for name, tensor in head.tensors.items():
            count = _count(name, tensor, method, bits)
            if count is None:
                return None
            counted[name] = count
    return sum(counted.values())


def _count(name: str, tensor: Tensor, method: str, bits: float | None) -> int | None:
    size = _BITS.get(tensor.dtype)
    begin, end = tensor.data_offsets
    if method:
        if name.endswith(_BESIDE) or ".quant_state." in name:
            return 0
        packed_by_bitsandbytes = method == "bitsandbytes" and bits == 4 and tensor.dtype == "U8"
        if name.endswith(_PACKED) or packed_by_bitsandbytes:
            return int((end - begin) * 8 / bits) if bits else None
    return (end - begin) * 8 // size if size else None
