"""What the app itself writes into a chat, by language of the phone; one row a language where a kind has rows.

Forms in English, German, French, Spanish, Italian, Portuguese; fewer in Dutch, Turkish, Russian, Polish, Indonesian.
"""

# ruff: noqa: RUF001 - words of other languages

from __future__ import annotations

import re
from types import MappingProxyType

__all__ = [
    "ATTACHED", "ATTACHED_AFTER", "CALL", "CALL_TAIL", "DELETED", "DELETED_BY_ADMIN", "DELETED_BY_YOU", "EDITED",
    "GROUP", "LOCATION", "MISSED", "NOTICES", "NOTICE_SENDER", "OMITTED", "POLL", "UNITS", "VIDEO", "VIEW_ONCE",
    "VOTES",
]  # fmt: skip

DELETED_BY_YOU = re.compile(
    r"You deleted this message|Du hast diese Nachricht gelöscht|Vous avez supprimé ce message"
    r"|Eliminaste este mensaje|Hai eliminato questo messaggio"
    r"|(?:Você apagou|Apagou|Você excluiu) (?:esta|essa) mensagem"
    r"|(?:Je|U) hebt? dit bericht verwijderd|Bu mesajı sildiniz|Вы удалили данное сообщение"
    r"|(?:Anda|Kamu) (?:telah )?menghapus pesan ini"
)
DELETED = re.compile(
    r"(?:This message was deleted|Diese Nachricht wurde gelöscht|Ce message a été supprimé"
    r"|Este mensaje fue eliminado|Se eliminó este mensaje|Questo messaggio è stato eliminato"
    r"|(?:Esta|Essa) mensagem foi (?:apagada|excluída)|Mensagem apagada"
    r"|Dit bericht is verwijderd|Bu mesaj silindi|Данное сообщение удалено|Pesan ini (?:telah )?dihapus"
    r"|Ta wiadomość została usunięta|Usunięto tę wiadomość)"
)
DELETED_BY_ADMIN = re.compile(
    r"(?:This message was deleted by admin|Diese Nachricht wurde vo[nm] (?:Admin )?(?=.{1,90} gelöscht)"
    r"|Ce message a été supprimé par l['\u2019]admin|El admin\. (?=.{1,90} eliminó este mensaje)"
    r"|Questo messaggio è stato eliminato dall['\u2019]amministratore|Mensagem apagada pelo admin)"
    r" ?(?P<name>.{1,90}?)(?: gelöscht| eliminó este mensaje)?"
)
OMITTED = re.compile(
    r"(?:image|photo|video|audio|sticker|GIF|document|Contact card|video note|voice message) omitted|<Media omitted>"
    r"|(?:Bild|Video|Audio|Sticker|GIF|Dokument|Kontaktkarte|Videonachricht) weggelassen"
    r"|<Medien (?:ausgeschlossen|weggelassen)>"
    r"|image absente|vidéo absente|(?:audio|document|sticker|GIF) omis|fiche contact absente|<Médias omis>"
    r"|imagen omitida|(?:Video|video|audio|documento|sticker|GIF) omitido|Tarjeta de contacto omitida"
    r"|<Multimedia omitido>"
    r"|immagine omessa|(?:video|audio|documento|sticker|GIF|scheda contatto) omess[oa]|<Media omessi>"
    r"|imagem ocultada|(?:vídeo|áudio|documento|figurinha|GIF|imagem|cartão do contato) (?:omitid|ocultad)[oa]"
    r"|<Mídia oculta>|<Arquivo de mídia oculto>|<Ficheiro não revelado>"
    r"|(?:afbeelding|video|audio|sticker|GIF|document|Contactkaart) weggelaten|<Media weggelaten>"
    r"|(?:görüntü|video|ses|çıkartma|GIF|belge) dahil edilmedi|<Medya dahil edilmedi>"
    r"|(?:изображение|видео|аудиофайл|стикер|GIF|документ) (?:отсутствует|пропущен[оа]?)|<Без медиафайлов>"
    r"|(?:gambar|video|audio|stiker|GIF|dokumen) tidak disertakan|<Media tidak disertakan>"
    r"|(?:pominięto|Pominięto) (?:obraz|wideo|audio|naklejkę|GIF|dokument)"
    r"|<(?:pominięto multimedia|Multimedia pominięto)>"
)
VIEW_ONCE = re.compile(
    r"<?(?:[Vv]iew once (?:photo|video|voice message|message)(?: omitted)?"
    r"|You received a view once (?:photo|video|voice message|message)\..{0,120}"
    r"|(?:Foto|Video|Sprachnachricht|Nachricht) (?:zur|mit) [Ee]inmal(?:igen )?[Aa]nsicht(?: weggelassen)?"
    r"|(?:[Pp]hoto|[Vv]idéo|[Mm]essage(?: vocal)?) à vue unique(?: omise?| absente?)?"
    r"|(?:[Ff]oto|[Vv]ideo|[Mm]ensaje(?: de voz)?) de visualización única(?: omitid[oa])?"
    r"|(?:[Ff]oto|[Vv]ideo|[Mm]essaggio(?: vocale)?) visualizzabile una (?:sola )?volta(?: omess[oa])?"
    r"|(?:[Ff]oto|[Vv]ídeo|[Mm]ensagem(?: de voz)?) de visualização única(?: (?:omitid|ocultad)[oa])?)>?"
)
CALL = re.compile(
    r"(?:(?:Missed|Silenced) )?(?:[Gg]roup )?(?:[Vv]oice|[Vv]ideo) call"
    r"|(?:Verpasster )?(?:Gruppen-?)?(?:[Ss]prach|[Vv]ideo)anruf"
    r"|Appel (?:vocal|vidéo)(?: de groupe)?(?: manqué)?"
    r"|(?:Llamada|Videollamada)(?: de voz)?(?: grupal)?(?: perdida)?"
    r"|(?:Chiamata vocale|Videochiamata)(?: di gruppo)?(?: persa)?"
    r"|(?:Chamada|Ligação) de (?:voz|vídeo)(?: (?:em|de) grupo)?(?: perdida)?"
    r"|(?:Gemiste )?(?:[Gg]roeps)?(?:[Ss]praak|[Vv]ideo-?)oproep"
    r"|(?:Cevapsız )?(?:[Gg]rup )?(?:[Ss]esli|[Gg]örüntülü) arama"
    r"|(?:Пропущенный )?(?:групповой )?(?:[Аа]удио|[Вв]идео)звонок"
    r"|(?:Nieodebrane )?(?:grupowe )?[Pp]ołączenie (?:głosowe|wideo)"
    r"|Panggilan (?:grup )?(?:suara|video)(?: tak terjawab)?"
)
MISSED = re.compile(
    r"Missed|Silenced|Verpasst|manqué|perdida|persa|Gemiste|Cevapsız|Пропущенный|Nieodebrane|tak terjawab"
)
VIDEO = re.compile(r"[Vv]id|Görüntülü|görüntülü|[Вв]идео|wideo")
GROUP = re.compile(r"[Gg]roup|Gruppen|groupe|grupal|grupo|gruppo|[Gg]roeps|[Gg]rup|групп")
CALL_TAIL = MappingProxyType(
    {
        "no_answer": re.compile(
            r"No answer|Keine Antwort|(?:Aucune|Pas de) réponse|(?:Sin respuesta|No contestada)|Nessuna risposta"
            r"|(?:Sem resposta|Não atendida)|Niet opgenomen|Cevap yok|Нет ответа|Tidak ada jawaban|Brak odpowiedzi"
        ),
        "missed": re.compile(
            r"(?:Tap|Click) to call back|Zum Zurückrufen tippen|Tippe(?:n)?,? um zurückzurufen"
            r"|(?:Touchez|Appuyez) pour rappeler|(?:Toca|Pulsa) para devolver la llamada"
            r"|Tocca per richiamare|Toque para (?:retornar|ligar de volta)|Tik om terug te bellen"
        ),
        "declined": re.compile(r"Declined|Abgelehnt|Refusé|Rechazada|Rifiutata|Recusada"),
    }
)
UNITS = MappingProxyType(
    {
        3600: "h hr hrs hour hours std stunde stunden heure heures hora horas ora ore uur sa saat ч godz jam",
        60: "min mins minute minutes minuten minuto minutos minuti minuut dk dakika мин menit",
        1: "s sec secs second seconds sek sekunde sekunden seconde secondes seg segundo segundos secondo secondi"
        " sn с сек detik",
    }
)
ATTACHED = (
    r"<(?:attached|Anhang|pièce jointe|adjunto|allegato|anexado|anexo|bijgevoegd"
    r"|ekli dosya|вложение|załączono|terlampir)"
    r" ?: ?([^<>\n]{1,255})>"
)
ATTACHED_AFTER = re.compile(
    r"([^\n]{1,255}?) \((?:file attached|Datei angehängt|fichier joint|archivo adjunto|file allegato"
    r"|arquivo anexado|ficheiro anexado|bestand bijgevoegd|dosya ekli|файл добавлен|plik dołączony|file terlampir)\)"
)
EDITED = (
    r"<(?:This message was edited|Diese Nachricht wurde bearbeitet|Ce message a été modifié|Se editó este mensaje"
    r"|Questo messaggio è stato modificato|Mensagem editada|Esta mensagem foi editada|Dit bericht is bewerkt"
    r"|Bu mesaj düzenlendi|Данное сообщение изменено|Pesan ini diedit|Edytowano tę wiadomość)\.?>"
)
LOCATION = re.compile(
    r"(?:[Ll]ocation|[Ss]tandort|[Ll]ocalisation|[Uu]bicación|[Pp]osizione|[Ll]ocalização|[Ll]ocatie|[Kk]onum"
    r"|[Мм]естоположение|[Ll]okasi|[Ll]okalizacja) ?: (?P<url>https?://\S{1,300})"
)
POLL = re.compile(
    r"(?:POLL|UMFRAGE|SONDAGE|ENCUESTA|SONDAGGIO|ENQUETE|SONDAGEM|PEILING|ANKET|ОПРОС|POLLING|ANKIETA) ?:"
)
VOTES = re.compile(
    r"(?:OPTION|OPCIÓN|OPZIONE|OPÇÃO|OPTIE|SEÇENEK|ВАРИАНТ|OPSI|OPCJA) ?: ?(?P<option>.{0,300}?)"
    r"(?: \((?P<votes>\d{1,6}) [^()\d]{1,20}\))?"
)
NOTICES = MappingProxyType(
    {
        "unblocked": re.compile(
            r"You unblocked |Du hast diesen Kontakt freigegeben|hast die Blockierung .{0,40}aufgehoben"
            r"|Vous avez débloqué|Desbloqueaste|Hai sbloccato|(?:Você d|D)esbloqueou"
        ),
        "blocked": re.compile(
            r"You blocked |Du hast diesen Kontakt blockiert|Vous avez bloqué|Bloqueaste|Hai bloccato"
            r"|(?:Você b|B)loqueou|\bblocked this contact|\bblockiert|\bbloqué|\bbloqueado|\bbloccato"
        ),
        "phone_changed": re.compile(
            r"changed their phone number|changed to (?=\+)|hat (?:seine|ihre|die) Telefonnummer (?:gewechselt|geändert)"
            r"|a changé de numéro|(?:cambió|ha cambiado) (?:de|su) número|ha cambiato numero"
            r"|mudou (?:de|o|seu) número|heeft (?:een nieuw|het) telefoonnummer"
        ),
        "security_code_changed": re.compile(
            r"security code|Sicherheitsnummer|code de sécurité|código de seguridad|codice di sicurezza"
            r"|código de segurança|beveiligingscode|güvenlik kodu|код безопасности"
        ),
        "disappearing_timer": re.compile(
            r"disappearing messages|selbstlöschende|messages éphémères|mensajes temporales|messaggi effimeri"
            r"|mensagens temporárias|verdwijnende berichten|süreli mesajlar"
        ),
        "encryption": re.compile(
            r"end-to-end encrypted|Ende-zu-Ende-verschlüsselt|chiffrés de bout en bout"
            r"|cifrados de extremo a extremo|crittografati end-to-end|criptografia de ponta a ponta"
            r"|encriptação ponta a ponta|end-to-end versleuteld|uçtan uca şifreli"
        ),
        "group_created": re.compile(
            r"created (?:this |the )?group|hat (?:diese |die )?Gruppe .{0,120}erstellt|a créé le groupe"
        ),
        "group_changed": re.compile(r"changed (?:the|this) group|changed the subject"),
        "member_joined": re.compile(r" joined using "),
        "member_added": re.compile(r" added "),
        "member_removed": re.compile(r" removed "),
        "member_left": re.compile(r" left$"),
    }
)
NOTICE_SENDER = re.compile(
    r".{1,100} (?:changed the (?:subject|group name|group description)|hat den (?:Betreff|Gruppennamen)"
    r"|a changé (?:le sujet|l['\u2019]objet)|cambió el asunto|created group) .{0,20}[\"\u201c\u201e\u00ab]"
)
