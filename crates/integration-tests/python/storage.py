"""azure-storage-blob against the emulator."""

import hashlib
import io
from datetime import datetime, timedelta, timezone

from azure.core import MatchConditions
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceExistsError, ResourceNotFoundError
from azure.storage.blob import (
    BlobClient,
    BlobSasPermissions,
    BlobServiceClient,
    ContainerClient,
    ContainerSasPermissions,
    ContentSettings,
    generate_blob_sas,
    generate_container_sas,
)
from data_factory import ended, factory, greeting, trigger, window
from emulator import ACCOUNT, ACCOUNT_KEY, ENDPOINT, GROUP, Raises, blobs, data_factory, eventually, run

MIB = 1 << 20
LARGE = 300 * MIB


def content(start: int, length: int) -> bytes:
    """Bytes `start` to `start + length` of an endless text: every 16 bytes are their own number."""
    first, last = start // 16, (start + length + 15) // 16
    text = b"".join(b"%015d\n" % number for number in range(first, last))
    return text[start - first * 16 :][:length]


class Generated(io.RawIOBase):
    """A file that is made while it is read. A mebibyte is made once and then numbered."""

    def __init__(self, length: int):
        self.left = length
        self.filler = content(0, MIB)
        self.number = 0
        self.digest = hashlib.sha256()
        self.rest = b""

    def readable(self):
        return True

    def read(self, size=-1):
        size = self.left if size is None or size < 0 else min(size, self.left)
        parts = [self.rest]
        have = len(self.rest)
        while have < size:
            piece = b"%015d\n" % self.number + self.filler[16:]
            self.number += 1
            parts.append(piece)
            have += len(piece)
        data = b"".join(parts)
        data, self.rest = data[:size], data[size:]
        self.left -= size
        self.digest.update(data)
        return data


def listens(client, name: str) -> None:
    factory(client, name)
    client.pipelines.create_or_update(GROUP, name, "greet", greeting())
    trigger(client, name, "greet", "who")
    client.triggers.begin_start(GROUP, name, "OnDrop").result()


def a_file_of_300_mb_in_blocks_starts_the_pipeline():
    client = data_factory()
    listens(client, "adf-large")
    service = blobs(max_single_put_size=4 * MIB, max_block_size=8 * MIB)
    service.create_container("input")
    blob = service.get_blob_client("input", "large/claims.csv")
    source = Generated(LARGE)

    blob.upload_blob(source, length=LARGE, max_concurrency=2)

    one = eventually("a triggered run", lambda: next(iter(client.pipeline_runs.query_by_factory(GROUP, "adf-large", window()).value), None))
    assert ended(client, "adf-large", one.run_id).parameters == {"who": "claims.csv"}
    assert len(client.pipeline_runs.query_by_factory(GROUP, "adf-large", window()).value) == 1, "one event for all blocks"
    assert blob.get_blob_properties().size == LARGE
    committed, uncommitted = blob.get_block_list("all")
    assert len(committed) > 30 and not uncommitted
    assert sum(block.size for block in committed) == LARGE
    for start in (0, 8 * MIB - 7, 150 * MIB + 16, LARGE - 48):
        number = (start + 15) // MIB
        found = blob.download_blob(offset=start, length=48).readall()
        whole = (b"%015d\n" % number if start % MIB < 16 else b"") + content(start % MIB, 64)
        assert len(found) == 48
        if start == 0:
            assert found == content(0, 48)
        elif start % MIB >= 16 and start % MIB + 48 <= MIB:
            assert found == whole[:48], (start, found)
        else:
            assert found[7:23] == b"%015d\n" % number, (start, found)
    digest = hashlib.sha256()
    for chunk in blob.download_blob(max_concurrency=2).chunks():
        digest.update(chunk)
    assert digest.digest() == source.digest.digest()


def lists_have_prefixes_folders_and_pages():
    container = blobs().create_container("lists")
    names = ["a.csv", "b/1.csv", "b/2.csv", "b/c/3.csv", "d&e <f>.csv", "ü/ß.csv"]
    for name in names:
        container.upload_blob(name, name.encode(), metadata={"kind": "test"})

    everything = list(container.list_blobs(include=["metadata"]))
    pages = [[blob.name for blob in page] for page in container.list_blobs(results_per_page=2).by_page()]
    top = [entry.name for entry in container.walk_blobs(delimiter="/")]
    below = [entry.name for entry in container.walk_blobs(name_starts_with="b/", delimiter="/")]

    assert [blob.name for blob in everything] == names
    assert [blob.size for blob in everything] == [len(name.encode()) for name in names]
    assert {blob.metadata["kind"] for blob in everything} == {"test"}
    assert [len(page) for page in pages] == [2, 2, 2] and sum(pages, []) == names
    assert sorted(top) == ["a.csv", "b/", "d&e <f>.csv", "ü/"], top
    assert sorted(below) == ["b/1.csv", "b/2.csv", "b/c/"], below
    assert [blob.name for blob in container.list_blobs(name_starts_with="b/c")] == ["b/c/3.csv"]
    assert "lists" in [found.name for found in blobs().list_containers()]


def ranges_are_read():
    container = blobs().create_container("ranges")
    blob = container.upload_blob("file", content(0, 4096))

    def read(**options):
        return blob.download_blob(**options).readall()

    assert read() == content(0, 4096)
    assert read(offset=10, length=20) == content(10, 20)
    assert read(offset=4090) == content(4090, 6)
    assert read(offset=4090, length=100) == content(4090, 6)
    with Raises(HttpResponseError) as beyond:
        read(offset=5000, length=1)
    assert beyond.error.status_code == 416 and beyond.error.error_code == "InvalidRange", beyond


def blobs_are_copied_changed_and_deleted():
    service = blobs()
    container = service.create_container("copies")
    source = container.upload_blob("from", b"one", content_settings=ContentSettings(content_type="text/csv"), metadata={"a": "1"})
    target = container.get_blob_client("to/there")

    copied = target.start_copy_from_url(source.url)
    assert copied["copy_status"] in ("success", "pending")
    eventually("the copy", lambda: target.get_blob_properties().copy.status == "success" or None)
    properties = target.get_blob_properties()
    assert target.download_blob().readall() == b"one"
    assert (properties.content_settings.content_type, properties.metadata) == ("text/csv", {"a": "1"})

    target.set_blob_metadata({"b": "2"})
    assert target.get_blob_properties().metadata == {"b": "2"}
    old = target.get_blob_properties().etag
    target.upload_blob(b"two", overwrite=True)
    with Raises(HttpResponseError) as stale:
        target.upload_blob(b"three", overwrite=True, etag=old, match_condition=MatchConditions.IfNotModified)
    with Raises(ResourceExistsError):
        target.upload_blob(b"four")
    assert stale.error.status_code == 412, stale
    assert target.download_blob().readall() == b"two"

    target.delete_blob()
    assert not target.exists() and source.exists()
    with Raises(ResourceNotFoundError) as gone:
        target.download_blob()
    assert gone.error.error_code == "BlobNotFound", gone
    service.delete_container("copies")
    with Raises(ResourceNotFoundError) as no_container:
        list(container.list_blobs())
    assert no_container.error.error_code == "ContainerNotFound", no_container


def blobs_are_leased_tagged_and_deleted_together():
    container = blobs().create_container("leases")
    blob = container.upload_blob("lock", b"1", tags={"run": "7"})
    lease = blob.acquire_lease(lease_duration=15)

    with Raises(HttpResponseError) as locked:
        blob.upload_blob(b"2", overwrite=True)
    with Raises(HttpResponseError) as taken:
        blob.acquire_lease(lease_duration=15)
    blob.upload_blob(b"3", overwrite=True, lease=lease)
    lease.renew()
    assert blob.get_blob_properties().lease.state == "leased"
    lease.release()
    blob.set_blob_tags({"kind": "lock"})
    blob.set_standard_blob_tier("Cool")
    listed = {found.name: found.tags for found in container.list_blobs(include=["tags"])}
    assert blob.get_blob_tags() == {"kind": "lock"} and listed == {"lock": {"kind": "lock"}}
    assert blob.get_blob_properties().blob_tier == "Cool"
    assert (locked.error.status_code, locked.error.error_code) == (412, "LeaseIdMissing"), locked
    assert (taken.error.status_code, taken.error.error_code) == (409, "LeaseAlreadyPresent"), taken

    names = ["a b.csv", "c/ü.csv"]
    for name in names:
        container.upload_blob(name, b"x")
    answers = list(container.delete_blobs(*names, "none", raise_on_any_failure=False))
    assert [answer.status_code for answer in answers] == [202, 202, 404]
    assert list(container.list_blob_names()) == ["lock"]


def a_signature_opens_a_blob_or_a_container_for_a_while():
    service = blobs()
    container = service.create_container("signed")
    blob = container.upload_blob("a b/ü.csv", b"content")
    now = datetime.now(timezone.utc)

    def read(permission, expiry, **more):
        token = generate_blob_sas(
            ACCOUNT, "signed", blob.blob_name, account_key=ACCOUNT_KEY, permission=permission, expiry=expiry, **more
        )
        return BlobClient.from_blob_url(f"{blob.url}?{token}")

    later, earlier = now + timedelta(hours=1), now - timedelta(seconds=1)
    opened = read(BlobSasPermissions(read=True), later, content_type="text/made-up")
    assert opened.download_blob().readall() == b"content"
    assert opened.download_blob().properties.content_settings.content_type == "text/made-up"
    with Raises(ClientAuthenticationError) as expired:
        read(BlobSasPermissions(read=True), earlier).download_blob()
    with Raises(HttpResponseError) as forbidden:
        opened.upload_blob(b"x", overwrite=True)
    assert expired.error.error_code == "AuthenticationFailed", expired
    assert forbidden.error.error_code == "AuthorizationPermissionMismatch", forbidden

    token = generate_container_sas(
        ACCOUNT, "signed", account_key=ACCOUNT_KEY, permission=ContainerSasPermissions(read=True, list=True, write=True), expiry=later
    )
    listed = ContainerClient.from_container_url(f"{container.url}?{token}")
    listed.upload_blob("made.csv", b"1")
    assert sorted(listed.list_blob_names()) == ["a b/ü.csv", "made.csv"]
    with Raises(HttpResponseError):
        listed.delete_blob("made.csv")


def a_wrong_key_is_refused():
    wrong = BlobServiceClient(f"{ENDPOINT}/{ACCOUNT}", credential="QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=")

    with Raises(ClientAuthenticationError) as refused:
        wrong.create_container("nothing")

    assert refused.error.error_code == "AuthenticationFailed", refused


if __name__ == "__main__":
    run(globals())
