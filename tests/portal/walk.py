"""Walks the practice portal as a person would, through anything that can get and post."""

import io
import re
from collections.abc import Mapping
from typing import Any

import pikepdf
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

PROCEDURE = "1.004194"
FORM = {
    "ho_ten": "Nguyễn Thị Luyện Tập",
    "ngay_sinh": "01/01/1960",
    "gioi_tinh": "Nữ",
    "dia_chi": "Số 1 đường Ví Dụ, Xã Luyện Tập",
    "cho_o": "Nhà thuê",
    "chu_ho": "",
    "tu_ngay": "1/9/2026",
}
RECEIVE = {
    "cach_nhan": "Nhận bản điện tử trên Cổng",
    "dia_chi_nhan": "",
    "cach_tra": "Trả qua mạng ngay bây giờ",
}


def pdf(pages: int = 1, filler: int = 0, password: str = "") -> bytes:
    """A real PDF; `filler` adds that many bytes of data that cannot be pressed together."""
    out = io.BytesIO()
    with pikepdf.new() as made:
        for _ in range(pages):
            made.add_blank_page()
        if filler:
            made.Root.Filler = made.make_stream(bytes(filler))
        secret = pikepdf.Encryption(owner=password, user=password) if password else None
        made.save(out, encryption=secret, compress_streams=False)
    return out.getvalue()


def multipart(fields: Mapping[str, str], files: Mapping[str, tuple[str, bytes]]) -> tuple[str, bytes]:
    """Content type and body, made here since werkzeug's test client would spool large files to a disk."""
    mark = "ranh-gioi-cua-bai-thu"
    head = f"--{mark}\r\nContent-Disposition: form-data; name="
    parts = [f'{head}"{key}"\r\n\r\n{value}\r\n'.encode() for key, value in fields.items()]
    for key, (name, file) in files.items():
        parts.append(f'{head}"{key}"; filename="{name}"\r\n\r\n'.encode() + file + b"\r\n")
    return f"multipart/form-data; boundary={mark}", b"".join([*parts, f"--{mark}--\r\n".encode()])


def text_of(answer: TestResponse) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True)))


class Walker:
    """`client` is Flask's; each method is one page, answered as the page that follows."""

    def __init__(self, client: FlaskClient, code: str = PROCEDURE) -> None:
        self.client = client
        self.code = code

    def get(self, path: str) -> TestResponse:
        return self.client.get(path, follow_redirects=True)

    def post(self, path: str, data: Mapping[str, Any] | None = None) -> TestResponse:
        return self.client.post(path, data=dict(data or {}), follow_redirects=True)

    def choose_agency(self) -> TestResponse:
        return self.post(f"/thu-tuc-hanh-chinh/{self.code}/co-quan", {"tinh": "51", "xa": "Xã Ba Tơ"})

    def log_in(self) -> TestResponse:
        self.get(f"/nop-ho-so?formalityId={self.code}")
        self.post("/dang-nhap/dien-thoai")
        shown = text_of(self.post("/dang-nhap/dong-y", {"dong_y": "co"}))
        found = re.search(r"(\d{3}) (\d{3})", shown)
        assert found
        return self.post("/dang-nhap/passcode", {"passcode": found[1] + found[2]})

    def applicant(self, act: str = "next", **other: str) -> TestResponse:
        return self.post("/nop-ho-so/nguoi-nop", {"phone": "0900000000", "email": "", "act": act, **other})

    def form(self, act: str = "next", **other: str) -> TestResponse:
        return self.post("/nop-ho-so/bieu-mau", {**FORM, "act": act, **other})

    def papers(
        self, file: bytes | None = None, name: str = "hop-dong.pdf", act: str = "next", paper: str = "cho-o"
    ) -> TestResponse:
        kind, body = multipart({"act": act}, {} if file is None else {paper: (name, file)})
        return self.client.post("/nop-ho-so/giay-to", data=body, content_type=kind, follow_redirects=True)

    def receive(self, act: str = "next", **other: str) -> TestResponse:
        return self.post("/nop-ho-so/nhan-ket-qua", {**RECEIVE, "act": act, **other})

    def pay(self) -> TestResponse:
        return self.post("/nop-ho-so/thanh-toan")

    def submit(self) -> TestResponse:
        return self.post("/nop-ho-so/xem-lai", {"act": "next", "cam_doan": "co"})

    def to(self, place: str) -> TestResponse:
        """Everything before `place`: "applicant", "form", "papers", "receive", "pay", "review", "done"."""
        steps = (
            ("applicant", lambda: (self.choose_agency(), self.log_in())[1]),
            ("form", self.applicant),
            ("papers", self.form),
            ("receive", lambda: self.papers(pdf(2))),
            ("pay", self.receive),
            ("review", self.pay),
            ("done", self.submit),
        )
        for name, act in steps:
            answer = act()
            if name == place:
                return answer
        raise ValueError(place)
