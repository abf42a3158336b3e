# Questions in lines, where there is no full screen: --plain.

ask-how = Enter takes the answer in brackets. ? explains the question, and so does “help” where a number or yes or no is wanted. “back” goes to the one before, Ctrl-C leaves. Nothing is saved before the last question.
ask-how-home = Enter takes the number in brackets. ? or “help” explains, “back” goes back and leaves at last, Ctrl-C leaves.
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
ask-sql-id = Column of profile IDs; - finds it by its name
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

# What each question means, one each: ? shows it.
ask-about-client-id = The client ID of the app that you registered in Mailchimp; it stands there under { -menu-apps }. Its redirect URI has to be http://127.0.0.1:8723/callback.
ask-about-client-secret = It stands beside the client ID of the app in Mailchimp. It is not shown while you type or paste it, and goes into your system's keyring and nowhere else.
ask-about-api-key = In Mailchimp you make one: { -menu-api-keys }. It is not shown while you type or paste it, and goes into your system's keyring and nowhere else.
ask-about-audience = The audience that the profiles are exported to: type its number in the list, or its ID of about ten letters and digits ({ -menu-audience-id }).
ask-about-source = The profiles and segments are read from here. Dataverse and the API of Customer Insights are read in the name of a user who signs in; files are read from a folder, or from one file.
ask-about-environment = The address of the Dataverse environment that Customer Insights writes to, such as contoso.crm4.dynamics.com.
ask-about-subscription-key = In Customer Insights it is shown under Permissions → APIs. It is not shown while you type or paste it.
ask-about-tenant = The tenant that the app is registered in: its ID, or its domain such as contoso.onmicrosoft.com. It stands on the app's overview page, as “Directory (tenant) ID”.
ask-about-instance = The signed-in user sees several instances of Customer Insights. The profiles and segments are read from the one that you choose.
ask-about-folder = The path of a folder of CSV, Parquet or Common Data Model files, or of one file. Segue only reads it.
ask-about-files = Segue has looked at the files, and says here how it understands them. 1 and 2 change that; 3 goes on.
ask-about-layout = What the files hold. “detected automatically” has Segue tell by looking, which is nearly always right.
ask-about-segment-by = For one file without segments of its own: each value of this column becomes a segment. With “none” all profiles are one segment.
ask-about-sql-name = A name of your own for this connection; it is saved as a login, and other destinations can use it.
ask-about-sql-driver = The path of the ADBC driver's library, or the name of a manifest that stands for it.
ask-about-sql-setting = What the driver needs to connect, one setting at a time: uri=postgresql://reader@db.example/crm. For a secret, such as a password, type only its name.
ask-about-sql-value = The secret itself. It is not shown while you type or paste it, and goes into your system's keyring and nowhere else.
ask-about-sql-queries = The path of a folder with files NAME.sql. Each is a segment, and its first comment line is what it is called.
ask-about-sql-id = The column that tells profiles apart in what the queries give. Type -, and Segue looks for one that is called like an ID.
ask-about-attribute = What you choose here fills the merge field in Mailchimp for every profile. The values in parentheses are the first ones in your data.
ask-about-field = A merge field of the audience, by its number; or the tag of one that is not there yet, which is made when the destination is saved.
ask-about-dates = Dates such as 03/04/2026 can be read in two ways, and the data does not tell which. Choose the order in which your source writes them.
ask-about-dismiss = Yes: the attribute is about something else, and nobody is left out because of it. No: you are warned of it in every check.
ask-about-rules = These are as usual until you change one: type its number. Enter goes on to the review.
ask-about-on-leave = What becomes of the tag when somebody is not in the segment any more:
ask-about-export = Yes exports now, with the numbers above. No leads back to the choice, and sends nothing.
ask-about-zone = Whose hours the times are: a name such as Europe/Stockholm, or UTC.

ask-help = help
ask-chosen = Chosen: { $segments ->
    [one] { $segments } segment
   *[other] { $segments } segments
} with { $profiles ->
    [one] { $profiles } profile
   *[other] { $profiles } profiles
}.{ $segments ->
    [one] {""}
   *[other] {" "}Somebody in several of them is counted in each.
}
ask-chosen-uncounted = Chosen: { $segments ->
    [one] { $segments } segment
   *[other] { $segments } segments
}. The source does not say how many profiles are in each of them.
ask-whole-number = Type a whole number of at least 1, such as 20000.
ask-help-acts = Type the number of what you want to do with this destination. check shows what an export would do and sends nothing; run exports. Each choice but edit shows the command that does the same. Afterwards you are here again; “back” leads to all destinations.
ask-all-destinations = all destinations
ask-ends = Segue has ended.
