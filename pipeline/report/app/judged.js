/* What people decided about pairs of accounts, and which accounts stand between groups that exclude each other. */

function judgedPart() {
  const { rows, torn } = R.core.judged;
  return [rows.length ? judgementTable(rows) : null, torn.length ? tornPart(torn) : null].flat().filter(Boolean);
}

function judgementTable(rows) {
  return [
    el("h3", null, "Human judgements"),
    el("p", null, "These pairs were decided by people, for the reasons stated, and not by weighing. A judgement joins or parts accounts; it changes no number in this report. Each is entered in the signed ledger; revoked ones stay listed."),
    sortable({
      caption: "Judgements about pairs of accounts", rows, open: (r) => r.link && R.index.link.has(r.link) && openDrawer("link", r.link), columns: [
        { title: "Id", get: (r) => r.id }, { title: "Accounts", get: (r) => r.pair.join(" and "), wide: true },
        { title: "Judged", get: (r) => r.judgement, mid: true },
        { title: "By, when (UTC)", get: (r) => r.at, mid: true, show: (r) => [bdi(r.by), el("span", { class: "quiet under" }, r.at.slice(0, 16).replace("T", " "))] },
        { title: "Reason stated", get: (r) => r.reason, wide: true },
        { title: "What it did", get: (r) => r.effect, wide: true, show: (r) => [bdi(r.effect), r.revoked ? el("span", { class: "quiet under" }, bdi(r.revoked)) : null] }],
    })];
}

function tornPart(rows) {
  return [
    el("h3", null, "Left apart between groups"),
    el("p", null, "These accounts are in no group: what is known fits more than one that exclude each other, or two periods of use that may be two operators'. Nothing is averaged, and no side is chosen."),
    ...rows.map((row) => el("div", { class: "panel" }, el("p", null, ref("account", row.account, row.account)), reasonList(row.reasons)))];
}

/** Sentences about what shaped a group. */
function reasonList(reasons) {
  return reasons.length ? el("ul", { class: "reasons" }, reasons.map((text) => el("li", null, bdi(text)))) : null;
}
