# Misstag på kommandoraden; slås upp efter typ av misstag.

usage-unknown-argument = Argumentet { $argument } finns inte här.
usage-unknown-command = Kommandot { $command } finns inte.
usage-missing = Något saknas: { $argument }.
usage-missing-of = Något saknas: { $argument }. Möjliga värden: { $possible }.
usage-missing-value = { $argument } behöver ett värde.
usage-missing-value-of = { $argument } behöver ett värde: { $possible }.
usage-twice = { $argument } får bara anges en gång.
usage-not-text = En del av kommandoraden är inte läsbar text (inte UTF-8).
usage-invalid-value = { $value } är inget värde som { $argument } tar emot.{ $possible ->
    [none] {""}
   *[other] {" "}Möjliga värden: { $possible }.
}
usage-whole-number = ett heltal utan tecken
usage-whole-number-from = ett heltal från { $least }
usage-whole-number-between = ett heltal från { $least } till { $most }
usage-conflict = { $argument } kan inte användas tillsammans med { $other }.
usage-other = Kommandoraden gick inte att förstå: { $message }
usage-suggestion = Skriv { $suggestion }, om det är vad du menade.
usage-try-help = { $command } visar vad som går att ange.
usage-about = { $argument }: { $what }
usage-missing-command = { $command } ska följas av något av dessa: { $possible }.
usage-add-accept-privacy = Om du godkänner det, lägg till --accept-privacy.
usage-add-confirm = Om personen ska tas bort för gott, lägg till --confirm delete.
usage-add-email-stdin = Lägg till --email-stdin, och ge adressen på standardindata.
