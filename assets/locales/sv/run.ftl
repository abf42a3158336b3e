# Vad en exportkörning berättar om sig själv.

run-find-segments = I Mailchimp hittar du dina segment som taggar under { -menu-tags }: { $link }
run-asked-to-wait = { $who ->
        [mailchimp] Mailchimp ber oss vänta { $time }
        [dataverse] Dataverse ber oss vänta { $time }
       *[insights] Customer Insights ber oss vänta { $time }
    }
run-queued = I kö: { $holder } använder Mailchimp-kontot; väntar på att den ska bli klar …
run-waiting = Customer Insights uppdateras; väntar tills det är klart …
run-reading = { $done ->
    [0] Läser profilerna …
   *[other] Läser profilerna: { $done } hittills …
}
run-comparing = { $total ->
    [0] Läser vilka som finns i målgruppen …
    [one] Jämför med målgruppen: { $done } av { $total } kontakt …
   *[other] Jämför med målgruppen: { $done } av { $total } kontakter …
}
run-delivering = { $total ->
    [one] Skickar till Mailchimp: { $done } av { $total } profil är klar
   *[other] Skickar till Mailchimp: { $done } av { $total } profiler är klara
}{ $more ->
    [none] {""}
   *[some] , { $time }
}{ $suppressed ->
    [0] {""}
    [one] {"; "}{ $suppressed } undantagen
   *[other] {"; "}{ $suppressed } undantagna
}{ $rejected ->
    [0] {""}
    [one] , { $rejected } avvisad
   *[other] , { $rejected } avvisade
}
run-reason = { $reason }: { $count }
reasons-suppressed = Undantagna, per orsak:
reasons-rejected = Avvisade, per orsak:
reasons-either = Undantagna eller avvisade, per orsak:
run-limited = { $count ->
    [one] Den här körningen var begränsad: bara en profil ingick. Nästa hela körning exporterar även de andra.
   *[other] Den här körningen var begränsad: bara { $count } profiler ingick. Nästa hela körning exporterar även de andra.
}
run-not-mailable = { $count ->
    [one] En finns i målgruppen men får ingen reklam (transaktionell).
   *[other] { $count } finns i målgruppen men får ingen reklam (transaktionella).
}
run-see-rejects = Vad som kan göras åt de avvisade: { $line }
run-tags = Taggar: { $tags }
run-head = { $destination }
run-failed-for = { $destination } (inloggning { $login }): { $what }
run-nothing-saved = Det finns inget sparat exportmål att köra.
run-resumed = Körningen { $run } hade avslutats i förtid. Segue tog först reda på vad den hade skickat, och skickade inget av det två gånger.
change-created = skapas
change-reinstated = läggs tillbaka
change-updated = uppdateras
change-untagged = förlorar tagg
change-suppressed = undantas
change-rejected = avvisas
change-unchanged = ändras inte
changed-created = skapades
changed-reinstated = lades tillbaka
changed-updated = uppdaterades
changed-untagged = förlorade tagg
changed-suppressed = undantogs
changed-rejected = avvisades
changed-unchanged = ändrades inte
change-nameless = adressen är inte känd
change-key = Mailchimps nyckel { $key }
change-in-mailchimp = ändrades i Mailchimp
check-forecast = En körning skulle göra { $calls ->
        [one] ett anrop
       *[other] { $calls } anrop
    } till Mailchimp och ta { $time }.
run-nothing-scheduled = Inget exportmål har något schema.
check-totals = { $profiles ->
    [one] Av { $profiles } profil skulle en export skapa { $created } och uppdatera { $updated }. Oförändrade: { $unchanged }, undantagna: { $suppressed }, avvisade: { $rejected }, sammanslagna: { $merged }.
   *[other] Av { $profiles } profiler skulle en export skapa { $created } och uppdatera { $updated }. Oförändrade: { $unchanged }, undantagna: { $suppressed }, avvisade: { $rejected }, sammanslagna: { $merged }.
}
