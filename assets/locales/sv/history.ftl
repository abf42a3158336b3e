# De gångna körningarna, och segmenten som de exporterar.

state-queued = I kö
state-processing = Bearbetar
state-successful = Lyckades
state-skipped = Överhoppad
state-failed = Misslyckades
state-cancelled = Avbruten
state-interrupted = Ej slutförd

started-by-person = från programmet
started-by-command = med ett kommando
started-by-watch = av segue watch
started-by-once = av segue watch --once

history-none = Ingen körning har gjorts än.
history-began = Började
history-took = Tog
history-did = Vad den gjorde
history-undoes = ångrar { $run }
history-undo-run = ångrar en körning
report-stopped-reading = Stoppad under läsningen; ingenting skrevs till Mailchimp. Kör igen när du vill exportera.
history-undone-by = ångrad av { $run }
history-settled-by = uppklarad av { $run }
history-skipped = överhoppad, eftersom detta misslyckades: { $what }
history-unreadable = rapporten går inte att läsa: { $why }
history-interrupted-next = programmet avslutades oväntat; nästa körning tar reda på vad som blev av de sista anropen
history-members = Medlemmar
history-profiles = Profiler
history-segment = Segment
history-report = Rapport: { $path }
history-undo = Ångra den: { $line }

segments-id = ID
segments-exported = Exporteras
segments-state = Status
segments-refreshed = Senast uppdaterat
segments-empty = Segmentet har inga medlemmar.
segments-left-out = { $count ->
    [one] En rad kunde inte läsas och är utelämnad: { $place } ({ $reason }).
   *[other] { $count } rader kunde inte läsas och är utelämnade, den första { $place } ({ $reason }).
}

ui-key-history = historik
ui-history-runs = Körningar
ui-title-history = Historik
ui-history-members = Medlemmar i varje segment, körning för körning
ui-history-shown = { $first }–{ $last } av { $count } · ← →
ui-key-segments = segment
