# The runs of the past, and the segments that they export.

state-queued = Queued
state-processing = Processing
state-successful = Successful
state-skipped = Skipped
state-failed = Failed
state-cancelled = Canceled
state-interrupted = Interrupted

started-by-person = from the application
started-by-command = by a command
started-by-watch = by segue watch
started-by-once = by segue watch --once

history-none = There has been no run yet.
history-began = Began
history-took = Took
history-did = What it did
history-undoes = undoes { $run }
history-undo-run = undoes a run
report-stopped-reading = Stopped while reading; nothing was written to Mailchimp. Run it again when you want to export.
history-undone-by = undone by { $run }
history-settled-by = cleared up by { $run }
history-skipped = skipped, because this failed: { $what }
history-unreadable = its report cannot be read: { $why }
history-interrupted-next = the program ended unexpectedly; the next run finds out what became of its last calls
history-members = Members
history-profiles = Profiles
history-segment = Segment
history-report = Report: { $path }
history-undo = Undo it: { $line }

segments-id = ID
segments-exported = Exported
segments-state = State
segments-refreshed = Last refreshed
segments-empty = The segment has no members.
segments-left-out = { $count ->
    [one] One row could not be read and is left out: { $place } ({ $reason }).
   *[other] { $count } rows could not be read and are left out, the first one { $place } ({ $reason }).
}

ui-key-history = history
ui-history-runs = Runs
ui-title-history = History
ui-history-members = Members of each segment, run by run
ui-history-shown = { $first }–{ $last } of { $count } · ← →
ui-key-segments = segments
