# Questions in lines, where there is no full screen: --plain.

ask-how = Enter takes the answer in brackets. ? explains the question, “back” goes to the one before, Ctrl-C leaves. Nothing is saved before the last question.
ask-how-home = Enter takes the number in brackets. ? explains, “back” goes back, Ctrl-C leaves.
ask-step = Step { $step } of { $steps }: { $title }
ask-back = back
ask-all = all
ask-number = Number
ask-numbers = Numbers, with commas between them, or “all”
ask-audience = Number, or the ID of an audience
ask-field = Number, or the tag of a new merge field
ask-needed = This question needs an answer. ? explains it.
ask-no-such-number = Type a number from 1 to { $last }.
ask-no-tag = { $tag } cannot be the tag of a merge field: use letters, digits and _, beginning with a letter.
ask-no-secret = This terminal would show the secret. Sign in with the command instead, which reads it with { $flag }.
ask-consent-needed = Without your agreement nothing can be exported.
ask-user-register = Client ID and tenant are those of an app registered once in Microsoft Entra; ? says how.
ask-change = Change: { $title }
ask-folder-lead = The files are understood like this:
ask-segment-by = Each value of the column becomes a segment; with none of them all profiles are one.
ask-review-lead = What now? Enter takes 1: it saves, and sends nothing.
ask-review-refused = What now? An export would not begin; why is said above. Enter takes 1: it saves, and sends nothing.
ask-review-incomplete = What now? It cannot be saved yet; why is said above. Choose the step to change.
ask-save = Save the destination; nothing is sent
ask-save-and-export = Save, and export now; you are asked once more, with the numbers above
ask-sql-hint = By an ADBC driver: the path of its library, or a name that a manifest stands for.
ask-sql-setting = Setting as NAME=VALUE, or the name of a secret setting; an empty line goes on
ask-sql-value = Value of { $key }, which is not shown
ask-sql-secret = The setting { $key } holds a secret, and was not taken. Type its name alone: then its value is asked for, and not shown.
ask-sql-queries = Folder of queries
ask-sql-queries-hint = Each file NAME.sql in it is a segment, its first comment line the label.
ask-sql-id = Column of profile IDs; an empty line finds it by its name
ask-left = No destination was saved.
ask-exporting = Exporting to { $name }. Its progress is shown every ten seconds. Ctrl-C stops it in good order.

ask-help-matching = Each line is a merge field of the audience and the attribute that fills it, with values from your data. Type the number of a line to change it; Enter goes on.
ask-help-segments = Only profiles in the chosen segments are exported; each segment becomes a tag in Mailchimp. A profile in several segments is exported once. Type numbers with commas between them: 1, 3.
ask-help-review = Above is what an export would do. 1 saves the destination and sends nothing. 2 saves and exports, once you have said yes to its numbers; it is missing where no export would begin. The other numbers lead back to their step.
ask-help-home = A destination says which profiles go to which Mailchimp audience. Choose one by its number to check or run it, or make a new one. Each choice shows the command that does the same.

ask-segments = segments
ask-history = past runs
ask-undo = undo the last run
ask-set-schedule = schedule
ask-doctor = Check this installation
