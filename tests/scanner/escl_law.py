"""What the public eSCL description asks of both sides, kept apart from our client and our trial scanner.

After the Mopria eSCL Technical Specification (sections 7 to 9) as the free tools sane-airscan and go-mfp read
it: each table gives an element's namespace, whether it must stand there, and which values it may have.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element, fromstring

SCAN = "{http://schemas.hp.com/imaging/escl/2011/05/03}"
PWG = "{http://www.pwg.org/schemas/2010/12/sm}"

NUMBER = r"\d{1,9}"
TRUTH = "true|false"
VERSION = r"\d+\.\d+"
ANY = r"\S.*"
MIME = r"[a-z]+/[a-z0-9.+-]+"
COLOURS = "BlackAndWhite1|Grayscale8|Grayscale16|RGB24|RGB48"
INTENTS = "Document|TextAndGraphic|Photo|Preview|Object|BusinessCard"


@dataclass(frozen=True)
class Rule:
    """An element: the pattern of its text, or `parts`, its children by full name; how often it may come."""

    text: str = ""
    parts: Mapping[str, "Rule"] = field(default_factory=dict)
    least: int = 0
    most: int = 1


def must(rule: Rule) -> Rule:
    return Rule(rule.text, rule.parts, 1, rule.most)


def many(rule: Rule, least: int = 0) -> Rule:
    return Rule(rule.text, rule.parts, least, 1000)


REGION = Rule(
    parts={
        PWG + "XOffset": must(Rule(NUMBER)),
        PWG + "YOffset": must(Rule(NUMBER)),
        PWG + "Width": must(Rule(NUMBER)),
        PWG + "Height": must(Rule(NUMBER)),
        PWG + "ContentRegionUnits": must(Rule("escl:ThreeHundredthsOfInches")),
    }
)

SETTINGS = Rule(
    parts={
        PWG + "Version": must(Rule(VERSION)),
        SCAN + "Intent": Rule(INTENTS),
        PWG + "ScanRegions": Rule(parts={PWG + "ScanRegion": many(REGION, 1)}),
        PWG + "DocumentFormat": Rule(MIME),
        SCAN + "DocumentFormatExt": Rule(MIME),
        PWG + "ContentType": Rule("Photo|Text|TextAndPhoto|LineArt|Magazine|Halftone|Auto"),
        PWG + "InputSource": Rule("Platen|Feeder|Camera"),
        SCAN + "XResolution": Rule(NUMBER),
        SCAN + "YResolution": Rule(NUMBER),
        SCAN + "ColorMode": Rule(COLOURS),
        SCAN + "Duplex": Rule(TRUTH),
    }
)

RESOLUTION = Rule(parts={SCAN + "XResolution": must(Rule(NUMBER)), SCAN + "YResolution": must(Rule(NUMBER))})

PROFILE = Rule(
    parts={
        SCAN + "ColorModes": Rule(parts={SCAN + "ColorMode": many(Rule(COLOURS), 1)}),
        SCAN + "DocumentFormats": Rule(
            parts={
                PWG + "DocumentFormat": many(Rule(MIME), 1),
                SCAN + "DocumentFormatExt": many(Rule(MIME)),
            }
        ),
        SCAN + "SupportedResolutions": must(
            Rule(
                parts={
                    SCAN + "DiscreteResolutions": Rule(
                        parts={SCAN + "DiscreteResolution": many(RESOLUTION, 1)}
                    )
                }
            )
        ),
    }
)

INPUT = Rule(
    parts={
        SCAN + "MinWidth": must(Rule(NUMBER)),
        SCAN + "MaxWidth": must(Rule(NUMBER)),
        SCAN + "MinHeight": must(Rule(NUMBER)),
        SCAN + "MaxHeight": must(Rule(NUMBER)),
        SCAN + "SettingProfiles": must(Rule(parts={SCAN + "SettingProfile": many(PROFILE, 1)})),
    }
)

CAPABILITIES = Rule(
    parts={
        PWG + "Version": must(Rule(VERSION)),
        PWG + "MakeAndModel": Rule(ANY),
        SCAN + "UUID": Rule(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
        SCAN + "Platen": Rule(parts={SCAN + "PlatenInputCaps": must(INPUT)}),
        SCAN + "Adf": Rule(
            parts={SCAN + "AdfSimplexInputCaps": must(INPUT), SCAN + "AdfDuplexInputCaps": INPUT}
        ),
    }
)

JOB = Rule(
    parts={
        PWG + "JobUri": must(Rule(r"/[!-~]+")),
        PWG + "JobUuid": Rule(ANY),
        SCAN + "Age": Rule(NUMBER),
        PWG + "ImagesCompleted": Rule(NUMBER),
        PWG + "ImagesToTransfer": Rule(NUMBER),
        SCAN + "TransferRetryCount": Rule(NUMBER),
        PWG + "JobState": must(Rule("Canceled|Aborted|Completed|Pending|Processing")),
    }
)

STATUS = Rule(
    parts={
        PWG + "Version": must(Rule(VERSION)),
        PWG + "State": must(Rule("Idle|Processing|Testing|Stopped|Down")),
        SCAN + "AdfState": Rule(
            "ScannerAdf(Processing|Empty|Jam|Loaded|Mispick|HatchOpen|DuplexPageTooShort|DuplexPageTooLong"
            "|MultipickDetected|InputTrayFailed|InputTrayOverloaded)"
        ),
        SCAN + "Jobs": Rule(parts={SCAN + "JobInfo": many(JOB)}),
    }
)


def breaches(text: bytes, name: str, rule: Rule) -> list[str]:
    """What in the document is against the description; empty where nothing is."""
    root = fromstring(text)
    found = [] if root.tag == name else [f"the document is {root.tag}"]
    return found + list(_inside(root, rule, name.rpartition("}")[2]))


def _inside(element: Element, rule: Rule, path: str) -> list[str]:
    if rule.text:
        text = element.text or ""
        good = re.fullmatch(rule.text, text) and not len(element)
        return [] if good else [f"{path} is {text!r}"]
    found = [f"{path}: unknown {part.tag}" for part in element if part.tag not in rule.parts]
    for tag, part in rule.parts.items():
        there = element.findall(tag)
        short = f"{path}/{tag.rpartition('}')[2]}"
        if not part.least <= len(there) <= part.most:
            found.append(f"{short}: {len(there)} times")
        for each in there:
            found += _inside(each, part, short)
    return found
