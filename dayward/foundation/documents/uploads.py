"""Files that come by a form are refused while they are read, not after the whole body.

What is no file keeps to Django's own limit (DATA_UPLOAD_MAX_MEMORY_SIZE).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render

from dayward.foundation.documents import services

MOST_AT_ONCE = 4 * services.LARGEST


class UploadLimit:
    """Middleware, after access: how much a request may carry depends on who it is from.

    A body without a length is empty to Django, so the length that is told is what can come at most.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        works_here = getattr(request, "staff", None) is not None
        most = MOST_AT_ONCE if works_here else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if _length(request) > most:
            return _too_large(request, most)
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> HttpResponseBase | None:
        """Reads the form, as the check of its token has done before."""
        if request.method == "POST" and (request.content_type or "").startswith("multipart/"):
            _read = request.POST
        return _too_large(request, services.LARGEST) if getattr(request, "file_too_large", False) else None


def _length(request: HttpRequest) -> int:
    told = request.META.get("CONTENT_LENGTH") or "0"
    return int(told) if told.isdigit() else 0


def _too_large(request: HttpRequest, most: int) -> HttpResponseBase:
    return render(request, "documents/too_large.html", {"most": most // (1024 * 1024)}, status=413)


class CountingHandler(FileUploadHandler):
    """First of the upload handlers: stops as soon as one file has become too large."""

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        if start + len(raw_data) > services.LARGEST:
            self.request.file_too_large = True  # type: ignore[union-attr]
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The handlers after this one keep the file."""
