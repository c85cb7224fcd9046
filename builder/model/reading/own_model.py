"""Models that `classifier-pwa build` has converted: what their metadata.json says of them."""

from dataclasses import replace
from pathlib import Path

from builder.model.metadata import Preprocessing, Rights
from builder.model.metadata_json import METADATA, read_metadata
from builder.model.reading.network import Network

_REASON = "as an earlier build put it into the graph"


def with_own_metadata(network: Network, folder: Path) -> Network:
    """Return the network with labels, geometry and rights of a metadata.json that a build wrote.

    Any other network, and one whose metadata make no sense, is returned as it is.
    """
    path = folder / METADATA
    if not path.is_file():
        return network
    try:
        metadata = read_metadata(path.read_bytes())
        geometry = Preprocessing(
            *metadata.input_size,
            crop_fraction=metadata.preprocessing.crop_fraction,
            fit=metadata.preprocessing.fit,
            resampling=metadata.preprocessing.resampling,
        )
        source = metadata.source
        rights = Rights(licence=source.licence, origin=source.origin, notice=source.notice)
    except ValueError:
        return network
    if not metadata.preprocessing.inside_graph:
        return network
    return replace(
        network,
        labels=metadata.labels,
        scaling="none",
        scaling_reason=_REASON,
        crop_fraction=geometry.crop_fraction,
        fit=geometry.fit,
        resampling=geometry.resampling,
        rights=rights,
    )
