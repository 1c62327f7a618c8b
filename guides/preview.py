"""A guide as plain text, for its author: all that screens would show, and how each step's page is known."""

from guides.model import Guide
from kioskcore.words import Words


def as_text(guide: Guide, words: Words) -> str:
    """Several lines; the fields' names in the language of `words`, their content in that of the guide."""

    def mark(field: str) -> str:
        return f"  ({words.say('leaflet.recheck')})" if field in guide.unverified else ""

    lines = [f"{guide.code}  {guide.title}", f"    {guide.official_name}", ""]
    for field in ("can_do_here", "online_level", "decides", "fee", "time", "receive"):
        value = getattr(guide, field)
        if value and not (field == "online_level" and guide.general):
            lines.append(f"{words.say(f'leaflet.{field}')}: {value}{mark(field)}")
    if guide.questions:
        lines += ["", words.say("preview.questions")]
        lines += [f"  ? {one.text}  -> {one.fetch} ({one.where})" for one in guide.questions]
    if guide.papers:
        lines += ["", words.say("preview.papers") + mark("papers")]
    for paper in guide.papers:
        held = "held" if paper.held else "scan_it" if paper.scan else "no_scan"
        needed = "needed" if paper.required else "if_needed"
        facts = ", ".join(words.say(f"preview.{name}") for name in (held, needed))
        lines.append(f"  - {paper.title} [{facts}] {paper.note}".rstrip())
    if guide.steps:
        lines += ["", words.say("leaflet.steps") + mark("steps")]
    for number, step in enumerate(guide.steps, 1):
        lines.append(f"  {number}. {step.text} {step.hint}".rstrip())
        if step.texts or step.url:
            marks = " | ".join([*([step.url] if step.url else []), *step.texts])
            lines.append(f"     {words.say('preview.marks', marks=marks)}")
    if guide.mistakes:
        lines += ["", words.say("leaflet.mistakes"), *(f"  ! {text}" for text in guide.mistakes)]
    lines.append("")
    if guide.unverified:
        lines.append(words.say("preview.unverified", fields=", ".join(sorted(guide.unverified))))
    if not guide.complete:
        lines.append(words.say("preview.incomplete"))
    checked = guide.checked_on.strftime("%d/%m/%Y")
    lines.append(words.say("leaflet.sources", sources="; ".join(guide.sources), date=checked))
    lines.append(guide.address)
    return "\n".join(lines)
