from __future__ import annotations

__all__ = ["pdf"]


def pdf(*pages: list[str]) -> bytes:
    """A PDF whose lines stand below each other."""
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(len(pages)))
    bodies = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>"]
    bodies.append("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    for n, lines in enumerate(pages):
        bodies.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * n} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        safe = [line.replace("(", "\\(").replace(")", "\\)") for line in lines]
        shown = "".join(f"1 0 0 1 50 {800 - 14 * i} Tm ({line}) Tj\n" for i, line in enumerate(safe))
        text = f"BT /F1 10 Tf\n{shown}ET\n"
        bodies.append(f"<< /Length {len(text)} >>\nstream\n{text}\nendstream")
    out, table = "%PDF-1.4\n", ""
    for number, body in enumerate(bodies, 1):
        table += f"{len(out):010d} 00000 n \n"
        out += f"{number} 0 obj\n{body}\nendobj\n"
    size = len(bodies) + 1
    end = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return (out + end + f"startxref\n{len(out)}\n%%EOF\n").encode("latin-1")
