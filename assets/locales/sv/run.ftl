# Vad en exportkörning berättar om sig själv.

run-find-segments = I Mailchimp hittar du dina segment som taggar under Audience → Tags: { $link }
