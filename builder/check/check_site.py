"""The check: all rules on one site, as a table of contents."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from builder.check.built_site import BuiltSite
from builder.check.file_rules import check_files
from builder.check.finding import Finding
from builder.check.host_rules import check_hosts
from builder.check.integrity_rules import check_integrity
from builder.check.link_rules import check_links
from builder.check.manifest_rules import check_manifest
from builder.check.policy_rules import check_policy
from builder.check.precache_rules import check_precache
from builder.check.transfer import Transfers, measure_transfers
from builder.hosting.hosts import HOSTS, Host


@dataclass(frozen=True)
class Check:
    """The result of a check."""

    findings: tuple[Finding, ...]
    """What is wrong; what breaks the site comes first."""
    files: int
    """Number of files in the folder."""
    bytes: int
    """Their total size, bytes."""
    transfers: Transfers | None
    """What visits cost over the wire; None where it is unknown."""

    @property
    def broken(self) -> bool:
        """Whether something would not work."""
        return any(finding.breaks for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Return the result for scripts."""
        return {
            "ok": not self.broken,
            "findings": [finding.as_json() for finding in self.findings],
            "files": self.files,
            "bytes": self.bytes,
            "transfers": self.transfers,
        }


def check_site(
    folder: Path, hosts: Collection[Host] = tuple(HOSTS.values()), previous: Path | None = None
) -> Check:
    """Check a built site for these hosts; `previous` is the version that it would replace.

    Raises OutputError if either folder is not a built site.
    """
    site = BuiltSite(folder)
    replaced = None if previous is None else BuiltSite(previous)
    found = (
        *check_files(site),
        *check_precache(site),
        *check_links(site),
        *check_integrity(site),
        *check_manifest(site),
        *check_policy(site),
        *check_hosts(site, hosts),
    )
    findings = sorted(dict.fromkeys(found), key=lambda finding: not finding.breaks)
    return Check(
        tuple(findings),
        len(site.sizes),
        sum(site.sizes.values()),
        measure_transfers(site, replaced),
    )
