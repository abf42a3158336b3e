# What the user agrees to before data leaves Customer Insights (rule 6). Its SHA-256 is recorded: a changed word is a new text.

consent-agree = I agree
consent-text =
    When you export to Mailchimp, you allow data to leave the compliance boundary of Dynamics 365 Customer Insights. It may include sensitive data, such as personal data.

    The data is sent on your instructions. You are responsible for making sure that Mailchimp meets any privacy and security obligations you may have.

    You can remove the destination at any time to stop exporting. What Mailchimp has already received stays there until you delete it in Mailchimp.

    Microsoft's privacy statement: https://go.microsoft.com/fwlink/?linkid=396732
