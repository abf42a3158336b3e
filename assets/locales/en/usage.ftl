# Mistakes on the command line; looked up by the kind of mistake.

usage-unknown-argument = There is no argument { $argument } here.
usage-unknown-command = There is no command { $command }.
usage-missing = Something is missing: { $argument }.
usage-missing-of = Something is missing: { $argument }. Possible values: { $possible }.
usage-missing-value = { $argument } needs a value.
usage-missing-value-of = { $argument } needs a value: { $possible }.
usage-twice = { $argument } may be given only once.
usage-not-text = Part of the command line is not readable text (not UTF-8).
usage-invalid-value = { $value } is not a value that { $argument } takes.{ $possible ->
    [none] {""}
   *[other] {" "}Possible values: { $possible }.
}
usage-whole-number = a whole number without a sign
usage-whole-number-from = a whole number from { $least }
usage-whole-number-between = a whole number from { $least } to { $most }
usage-conflict = { $argument } cannot be used together with { $other }.
usage-other = The command line was not understood: { $message }
usage-suggestion = Write { $suggestion }, if that is what you meant.
usage-try-help = See { $command } for what it takes.
usage-about = { $argument }: { $what }
usage-missing-command = { $command } wants one of these after it: { $possible }.
usage-add-accept-privacy = If you agree to that, add --accept-privacy.
usage-add-confirm = If the person is to be deleted for good, add --confirm delete.
usage-add-email-stdin = Add --email-stdin, and give the address on standard input.
