"""Files: what is taken, how it is kept, and who gets it back in which form."""

import hashlib
import json
import re
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from neike.kernel import attachments
from neike.kernel.attachments import actions, cleaning, kinds, names, owners, previews
from neike.kernel.attachments.models import Attachment
from neike.kernel.attachments.owners import ATTACHMENT_OWNERS, AttachmentOwner
from tests import make

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_media(tmp_path, settings):
    """Files go where the test's own folder is."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files"), "file_permissions_mode": 0o600},
        },
    }


@pytest.fixture
def readers(monkeypatch):
    """Departments own files in these tests; the set says which (person, department) may read."""
    allowed: set[tuple[int | None, int]] = set()
    monkeypatch.setattr(ATTACHMENT_OWNERS, "_entries", {})
    ATTACHMENT_OWNERS.register(
        AttachmentOwner(
            key="org.department", may_read=lambda person, owner_id: (person.pk, owner_id) in allowed
        )
    )
    return allowed


def _picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), **save: object) -> bytes:
    out = BytesIO()
    Image.new("RGB", size, "red").save(out, kind, **save)
    return out.getvalue()


def _file(
    name: str = "note.txt", content: bytes = b"text", claimed: str = "text/plain"
) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type=claimed)


def _attached(
    content: bytes = b"text", name: str = "note.txt", claimed: str = "text/plain", **fields: object
) -> Attachment:
    given = {"owner": None, "by": None, "now": NOW, **fields}
    return attachments.attach(upload=_file(name, content, claimed), **given)


def _get(client: Client, url: str) -> HttpResponse:
    """Fetch an address to its end; the test client then closes the stored file."""
    response = client.get(url)
    if response.streaming:
        b"".join(response.streaming_content)
    return response


def _stored_files(tmp_path: Path) -> list[Path]:
    return [path for path in (tmp_path / "files").rglob("*") if path.is_file()]


def test_a_file_is_kept_with_its_hash_under_a_random_name_without_extension(tmp_path):
    kept = _attached(b"hello", "报告 final.txt")

    assert (kept.size, kept.sha256) == (5, hashlib.sha256(b"hello").hexdigest())
    assert re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{32}", kept.storage_key)
    assert [path.read_bytes() for path in _stored_files(tmp_path)] == [b"hello"]


def test_a_file_already_spooled_to_disk_is_copied_and_hashed_too(tmp_path):
    content = b"0123456789" * 50_000
    spooled = TemporaryUploadedFile("big.txt", "text/plain", len(content), None)
    spooled.write(content)
    spooled.seek(0)

    kept = attachments.attach(owner=None, upload=spooled, by=None, now=NOW)
    spooled.close()

    assert kept.sha256 == hashlib.sha256(content).hexdigest()


HOSTILE_NAMES = [
    ("../../etc/passwd", "passwd"),
    ("..\\..\\windows\\system.ini", "system.ini"),
    ("C:\\temp\\a.txt", "a.txt"),
    ("a\x00b\r\nc\t.txt", "abc.txt"),
    ("invoice\u202egnp.exe", "invoicegnp.exe"),
    ("a\u200bb\ufeff.pdf", "ab.pdf"),
    ('<img src=x onerror="1">.png', "_img src=x onerror=_1__.png"),
    ("  .hidden  ", "hidden"),
    ("...", "file"),
    ("", "file"),
    ("名" * 400 + ".docx", "名" * 175 + ".docx"),
    ("x" * 4096, "x" * 180),
    ("cafe\u0301.txt", "café.txt"),
]


@pytest.mark.parametrize(("sent", "kept"), HOSTILE_NAMES)
def test_names_lose_their_path_and_everything_invisible(sent, kept):
    assert names.clean_name(sent) == kept


@given(st.text(max_size=300))
def test_cleaning_a_name_twice_changes_nothing_and_the_header_is_one_plain_line(name):
    clean = names.clean_name(name)
    header = names.content_disposition(clean)

    assert names.clean_name(clean) == clean
    assert 0 < len(clean) <= 180
    assert not set("/\\\r\n\x00") & set(clean)
    assert re.fullmatch(
        r"attachment; filename=\"[\x20-\x21\x23-\x5b\x5d-\x7e]+\"; filename\*=UTF-8''[A-Za-z0-9%._~-]+",
        header,
    )


def test_the_header_carries_the_name_in_both_forms():
    assert (
        names.content_disposition("报告 1.pdf")
        == "attachment; filename=\"1.pdf\"; filename*=UTF-8''%E6%8A%A5%E5%91%8A%201.pdf"
    )


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (_picture("PNG"), "image/png"),
        (_picture("JPEG"), "image/jpeg"),
        (_picture("GIF"), "image/gif"),
        (_picture("WEBP"), "image/webp"),
        (b"%PDF-1.7\n", "application/pdf"),
        (
            b"PK\x03\x04" + b"\0" * 26 + b"[Content_Types].xml word/document.xml",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (b"PK\x03\x04" + b"\0" * 26 + b"a.txt", "application/zip"),
        (b"", "text/plain"),
        ("报销单".encode(), "text/plain"),
        ("报销单".encode("gb18030"), "text/plain"),
        (("报" * 3000).encode()[:8192], "text/plain"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "image/svg+xml"),
        (b"  <!DOCTYPE html><p>", "text/html"),
        (b"<?xml version='1.0'?><a/>", "application/xml"),
        (b"MZ\x90\x00", None),
        (b"\x7fELF\x02", None),
        (b"#!/bin/sh\nrm", None),
        (b"\xca\xfe\xba\xbe\x00", None),
        (bytes(range(256)), None),
    ],
)
def test_the_content_says_what_a_file_is(content, kind):
    assert kinds.kind_of(content) == kind


def test_a_program_is_refused_whatever_it_is_called(tmp_path):
    for name, claimed in [("a.png", "image/png"), ("a.txt", "text/plain"), ("a.pdf.exe", "")]:
        with pytest.raises(attachments.UploadRefusedError, match=re.escape(name)):
            _attached(b"MZ\x90\x00\x03", name, claimed)

    assert not Attachment.objects.exists()
    assert _stored_files(tmp_path) == []


def test_too_large_a_file_is_refused_by_name_and_leaves_nothing(settings, tmp_path):
    settings.UPLOAD_LIMIT = 1000

    with pytest.raises(attachments.UploadRefusedError, match=r"big\.txt.*1000"):
        _attached(b"x" * 1001, "big.txt")

    assert _stored_files(tmp_path) == []


def test_a_size_that_lies_is_found_out_while_copying(settings, tmp_path):
    settings.UPLOAD_LIMIT = 100_000
    upload = _file("big.txt", b"x" * 200_000)
    upload.size = 10

    with pytest.raises(attachments.UploadRefusedError):
        attachments.attach(owner=None, upload=upload, by=None, now=NOW)
    assert _stored_files(tmp_path) == []


def test_a_person_has_an_allowance_per_day(settings):
    settings.UPLOAD_DAILY_QUOTA = 100
    person = make.person()
    _attached(b"x" * 80, by=person)

    with pytest.raises(attachments.UploadRefusedError, match="100"):
        _attached(b"x" * 30, by=person)
    _attached(b"x" * 80, by=make.person())
    _attached(b"x" * 80, by=person, now=NOW + timedelta(days=2))


def test_all_files_of_a_request_are_kept_or_none(
    settings, tmp_path, django_capture_on_commit_callbacks
):
    settings.UPLOAD_FILES_PER_REQUEST = 3
    with (
        django_capture_on_commit_callbacks(execute=True),
        pytest.raises(attachments.UploadRefusedError),
    ):
        actions.attach_all(owner=None, uploads=[_file(), _file("x.exe", b"MZ")], by=None, now=NOW)
    with pytest.raises(attachments.UploadRefusedError, match="4"):
        actions.attach_all(owner=None, uploads=[_file()] * 4, by=None, now=NOW)

    assert (Attachment.objects.count(), _stored_files(tmp_path)) == (0, [])
    assert len(actions.attach_all(owner=None, uploads=[_file(), _file()], by=None, now=NOW)) == 2


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_safe_raster_gets_a_picture_written_anew(kind):
    polyglot = _picture(kind, (3000, 100)) + b"<script>alert(1)</script>"

    kept = _attached(polyglot, "p.gif")

    with default_storage.open(kept.preview_key) as file:
        shown = file.read()
    assert b"<script" not in shown
    with Image.open(BytesIO(shown)) as image:
        assert image.size == (1600, 53)


def test_a_picture_carries_no_metadata_and_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # rotated by 90 degrees
    exif[0x010E] = "taken at home"
    shown = previews.preview_of(
        BytesIO(_picture("JPEG", (60, 20), exif=exif.tobytes(), comment=b"secret"))
    )

    assert shown is not None
    with Image.open(BytesIO(shown[0])) as image:
        assert (image.size, dict(image.getexif()), "comment" in image.info) == ((20, 60), {}, False)
    assert b"home" not in shown[0]


def test_an_animation_shows_its_first_frame_and_keeps_clear_parts_clear():
    out = BytesIO()
    first, second = Image.new("RGBA", (5, 5), (0, 0, 0, 0)), Image.new("RGBA", (5, 5), "blue")
    first.save(out, "GIF", save_all=True, append_images=[second])

    shown = previews.preview_of(BytesIO(out.getvalue()))

    assert shown is not None
    with Image.open(BytesIO(shown[0])) as image:
        assert (getattr(image, "n_frames", 1), image.convert("RGBA").getpixel((0, 0))[3]) == (1, 0)


def test_a_picture_of_too_many_pixels_is_never_decoded():
    bomb = bytearray(_picture("PNG", (1, 1)))
    bomb[16:24] = (30_000).to_bytes(4, "big") * 2  # the header claims 900 million pixels

    assert previews.preview_of(BytesIO(bytes(bomb))) is None
    assert _attached(bytes(bomb), "bomb.png").is_picture is False


def test_a_broken_raster_is_kept_as_a_file_without_a_picture():
    assert _attached(_picture("PNG")[:60], "broken.png").is_picture is False


def test_the_owners_rule_decides_and_hidden_is_like_absent(client_for, readers):
    department, insider, outsider = make.department(), make.person(), make.person()
    readers.add((insider.pk, department.pk))
    kept = _attached(_picture(), "p.png", owner=department)

    for name in ("attachments:download", "attachments:preview"):
        url, absent = reverse(name, args=[kept.public_id]), reverse(name, args=[uuid4()])
        assert _get(client_for(insider), url).status_code == 200
        hidden, missing = _get(client_for(outsider), url), _get(client_for(outsider), absent)
        assert (hidden.status_code, missing.status_code) == (404, 404)
        assert hidden.content.replace(str(kept.public_id).encode(), b"") == missing.content.replace(
            absent.split("/")[2].encode(), b""
        )


def test_a_visitor_gets_no_file_unless_the_owners_rule_says_so(client, readers):
    department = make.department()
    kept = _attached(owner=department)
    url = reverse("attachments:download", args=[kept.public_id])

    assert _get(client, url).status_code == 404
    readers.add((None, department.pk))
    assert _get(client, url).status_code == 200


def test_files_of_an_owner_nobody_registered_are_refused(client_for, readers):
    kept = _attached(owner=make.person())

    url = reverse("attachments:download", args=[kept.public_id])
    assert _get(client_for(make.person()), url).status_code == 404


@pytest.mark.parametrize("claimed", ["image/png", "text/html", "application/pdf"])
@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>alert(1)</script></html>",
        b"<?xml version='1.0'?><x/>",
        b"%PDF-1.7 /JavaScript (app.alert(1))",
        b"GIF89a/*" + b"\0" * 20 + b"*/=alert(1)",
    ],
)
def test_scriptable_files_are_only_ever_downloads(client_for, readers, content, claimed):
    department, person = make.department(), make.person()
    readers.add((person.pk, department.pk))
    kept = _attached(content, "x.svg", claimed, owner=department)
    client = client_for(person)

    response = _get(client, reverse("attachments:download", args=[kept.public_id]))

    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert (
        response["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    )
    assert _get(client, reverse("attachments:preview", args=[kept.public_id])).status_code == 404


def test_a_pasted_picture_waits_for_its_message_and_is_its_uploaders_alone(client_for, readers):
    person, other, department = make.person(), make.person(), make.department()
    client = client_for(person)

    answer = json.loads(
        client.post(reverse("attachments:upload"), {"file": _file("p].png", _picture())}).content
    )

    assert answer["markdown"] == f"![p).png](attachment:{answer['id']})"
    assert _get(client, answer["url"]).status_code == 200
    assert _get(client_for(other), answer["url"]).status_code == 404
    assert attachments.claim(ids=[answer["id"]], owner=department, by=other) == 0
    assert attachments.claim(ids=[answer["id"]], owner=department, by=person) == 1
    assert _get(client, answer["url"]).status_code == 404
    readers.add((other.pk, department.pk))
    assert _get(client_for(other), answer["url"]).status_code == 200


def test_a_refused_or_missing_upload_says_why(client_for):
    client = client_for(make.person())

    refused = client.post(reverse("attachments:upload"), {"file": _file("a.exe", b"MZ")})
    missing = client.post(reverse("attachments:upload"))

    assert (refused.status_code, missing.status_code) == (422, 422)
    assert "a.exe" in json.loads(refused.content)["message"]


def test_visitors_cannot_upload(client):
    assert client.post(reverse("attachments:upload"), {"file": _file()}).status_code == 302
    assert not Attachment.objects.exists()


def test_a_removed_file_is_gone_everywhere_and_its_removal_recorded(
    client_for, readers, tmp_path, django_capture_on_commit_callbacks
):
    department, person = make.department(), make.person()
    readers.add((person.pk, department.pk))
    kept = _attached(_picture(), "canary.png", owner=department)

    with django_capture_on_commit_callbacks(execute=True):
        attachments.redact(attachment=kept, by=person, reason="wrong file", now=NOW)

    assert _stored_files(tmp_path) == []
    url = reverse("attachments:download", args=[kept.public_id])
    assert _get(client_for(person), url).status_code == 404
    assert cleaning.files_that_disagree(NOW) == []


def test_at_night_unclaimed_files_and_bytes_without_a_row_go_after_a_day(
    tmp_path, django_capture_on_commit_callbacks
):
    department = make.department()
    _attached(now=datetime.now(UTC))
    kept = _attached(_picture(), "p.png", owner=department)
    stray = default_storage.save("ab/" + "c" * 32, _file())

    with django_capture_on_commit_callbacks(execute=True):
        assert cleaning.clear_orphans(now=datetime.now(UTC)) == 0
        cleaning.clear_orphans(now=datetime.now(UTC) + timedelta(days=2))

    assert list(Attachment.objects.all()) == [kept]
    assert not default_storage.exists(stray)
    assert len(_stored_files(tmp_path)) == 2


def test_at_night_the_files_of_vanished_owners_go(
    monkeypatch, tmp_path, django_capture_on_commit_callbacks
):
    alive, dead = make.department(), make.department()
    monkeypatch.setattr(ATTACHMENT_OWNERS, "_entries", {})
    owners.register_owner(
        AttachmentOwner(
            key="org.department",
            may_read=lambda _p, _o: True,
            existing=lambda ids: {alive.pk} & set(ids),
        )
    )
    kept = _attached(owner=alive)
    _attached(owner=dead)

    with django_capture_on_commit_callbacks(execute=True):
        assert cleaning.clear_orphans(now=NOW) == 1

    assert list(attachments.attachments_of(alive)) == [kept]
    assert len(_stored_files(tmp_path)) == 1


def test_the_nightly_check_finds_bytes_that_changed_or_went():
    department = make.department()
    changed, gone, _whole = (_attached(owner=department) for _ in range(3))
    Path(default_storage.path(changed.storage_key)).write_bytes(b"tEXt")
    default_storage.delete(gone.storage_key)

    found = [
        problem
        for day in range(30)
        for problem in cleaning.files_that_disagree(NOW + timedelta(days=day))
    ]

    assert {(problem.subject, problem.detail) for problem in found} == {
        (f"attachment {changed.public_id}", "its bytes changed"),
        (f"attachment {gone.public_id}", "its bytes are gone"),
    }
