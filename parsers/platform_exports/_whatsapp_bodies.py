"""What the body of a WhatsApp message is: typed text, or words the app put there in the phone's language.

Anybody can type the app's words. Where the export leads its own words with U+200E (iOS), only led ones count.
Forms in English, German, French, Spanish, Italian and Portuguese.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from parsers.platform_exports._whatsapp_lines import MARKS

__all__ = ["Body", "classify", "is_notice_sender", "notice_type"]

_DELETED = (
    r"This message was deleted|You deleted this message|This message was deleted by admin .{1,100}"
    r"|Diese Nachricht wurde gelöscht|Du hast diese Nachricht gelöscht"
    r"|Ce message a été supprimé|Vous avez supprimé ce message"
    r"|(?:Este mensaje fue eliminado|Se eliminó este mensaje|Eliminaste este mensaje)"
    r"|Questo messaggio è stato eliminato|Hai eliminato questo messaggio"
    r"|(?:Esta mensagem foi apagada|Mensagem apagada|Você apagou esta mensagem|Apagou esta mensagem)"
)
_OMITTED = (
    r"(?:image|video|audio|sticker|GIF|document|Contact card|video note) omitted|<Media omitted>"
    r"|(?:Bild|Video|Audio|Sticker|GIF|Dokument|Kontaktkarte) weggelassen|<Medien ausgeschlossen>"
    r"|image absente|vidéo absente|(?:audio|document|sticker|GIF) omis|<Médias omis>"
    r"|imagen omitida|(?:Video|audio|documento|sticker|GIF) omitido|<Multimedia omitido>"
    r"|immagine omessa|(?:video|audio|documento|sticker|GIF) omess[oa]|<Media omessi>"
    r"|imagem ocultada|(?:vídeo|áudio|documento|figurinha|GIF) (?:omitid|ocultad)[oa]"
    r"|<Mídia oculta>|<Arquivo de mídia oculto>|<Ficheiro não revelado>"
)
_CALL = (
    r"(?:Missed (?:group )?)?(?:[Vv]oice|[Vv]ideo) call(?:[,.] ?\u200e?.{1,40})?"
    r"|Verpasster? (?:Gruppen-)?(?:Sprach|Video)anruf(?:[,.] ?\u200e?.{1,40})?"
    r"|Appel (?:vocal|vidéo) manqué(?:[,.] ?\u200e?.{1,40})?"
    r"|(?:Llamada|Videollamada) (?:de voz )?perdida(?:[,.] ?\u200e?.{1,40})?"
    r"|(?:Chiamata vocale|Videochiamata) persa(?:[,.] ?\u200e?.{1,40})?"
    r"|(?:Chamada|Ligação) de (?:voz|vídeo) perdida(?:[,.] ?\u200e?.{1,40})?"
)
_ATTACHED = r"<(?:attached|Anhang|pièce jointe|adjunto|allegato|anexado|anexo) ?: ?([^<>\n]{1,255})>"
_ATTACHED_AFTER = (
    r"([^\n]{1,255}?) \((?:file attached|Datei angehängt|fichier joint|archivo adjunto|file allegato"
    r"|arquivo anexado|ficheiro anexado)\)"
)
_EDITED = (
    r"<(?:This message was edited|Diese Nachricht wurde bearbeitet|Ce message a été modifié|Se editó este mensaje"
    r"|Questo messaggio è stato modificato|Mensagem editada|Esta mensagem foi editada)\.?>"
)
_NOTICE = (
    r"end-to-end encrypted|security code|changed their phone number|changed to \+|created (?:this |the )?group"
    r"|changed (?:the|this) group|changed the subject|blocked this contact|disappearing messages| joined using | left$"
    r"| added | removed |Ende-zu-Ende-verschlüsselt|Sicherheitsnummer|blockiert|selbstlöschende"
    r"|chiffrés de bout en bout|code de sécurité|bloqué|messages éphémères"
    r"|cifrados de extremo a extremo|código de seguridad|bloqueado|mensajes temporales"
    r"|crittografati end-to-end|codice di sicurezza|bloccato|messaggi effimeri"
    r"|criptografia de ponta a ponta|encriptação ponta a ponta|código de segurança|mensagens temporárias"
)
_WHOLE = {name: re.compile(words) for name, words in (("deleted", _DELETED), ("media", _OMITTED), ("call", _CALL))}
_NAMED, _NAMED_MARKED = re.compile(_ATTACHED), re.compile("\u200e" + _ATTACHED)
_NAMED_AFTER = re.compile(_ATTACHED_AFTER)
_EDIT_END, _EDIT_END_MARKED = re.compile(_EDITED + r"\Z"), re.compile("\u200e" + _EDITED + r"\Z")
_APP_WORDS = re.compile(_NOTICE)
_DOCUMENT = re.compile(r"([^\n]{1,255}?) \u2022 \u200e?[^\n]{1,40} \u200e?document omitted")
_NOTICE_SENDER = re.compile(
    r".{1,100} (?:changed the (?:subject|group name|group description)|hat den (?:Betreff|Gruppennamen)"
    r"|a changé (?:le sujet|l['\u2019]objet)|cambió el asunto|created group) .{0,20}[\"\u201c\u201e\u00ab]"
)
_LONGEST_NOTICE = 400  # characters; app words are short


class Body(NamedTuple):
    """What a body is. `kind` is the event type."""

    kind: str
    message_type: str
    deleted: bool = False
    names: tuple[str, ...] = ()
    edited: bool = False


def classify(body: str, *, marks_used: bool) -> Body:
    """Tell typed text from the app's words.

    Args:
        body: As written, marks included.
        marks_used: The file leads the app's words with U+200E, so that others are typed.
    """
    led = body.startswith("\u200e")
    text = body.strip(MARKS + " \n")
    own = led or not marks_used
    short = text if len(text) <= _LONGEST_NOTICE else ""
    found = {name for name, words in _WHOLE.items() if own and words.fullmatch(short.removesuffix("."))}
    names = _names(body, text, strict=marks_used, own=own)
    edited = bool((_EDIT_END_MARKED if marks_used else _EDIT_END).search(body[-80:].rstrip()))
    if "deleted" in found:
        return Body("message", "unsent", deleted=True)
    if "call" in found:
        return Body("call", "call")
    if "media" in found or names:
        return Body("message", "media", names=names, edited=edited)
    if led and marks_used and _APP_WORDS.search(short):
        return Body("system_notice", "system")
    return Body("message", "text", edited=edited)


def _names(body: str, text: str, *, strict: bool, own: bool) -> tuple[str, ...]:
    """Attachment names, in the order written."""
    inside = [match[1] for match in (_NAMED_MARKED if strict else _NAMED).finditer(body)]
    first = text.partition("\n")[0][:300]
    after = _NAMED_AFTER.fullmatch(first) if own else None
    if own or "\u200edocument" in first:
        after = after or _DOCUMENT.fullmatch(first)
    return tuple(name.strip(MARKS + " ") for name in (*inside, *([after[1]] if after else [])))


def notice_type(text: str) -> str:
    """Event type of a line without a sender."""
    plain = text.strip(MARKS + " \n").removesuffix(".")
    return "call" if len(plain) <= _LONGEST_NOTICE and _WHOLE["call"].fullmatch(plain) else "system_notice"


def is_notice_sender(sender: str) -> bool:
    """Whether words before a colon are the app's sentence, cut at a colon inside a quoted group name."""
    return bool(_NOTICE_SENDER.match(sender))
