// Command halfopen runs simulated MQTT outages and shows what happened.
//
//	halfopen run seed        the ladder of the whole story, then a summary
//	halfopen list            the built-in scenarios
//	halfopen show seed       one of them: its story, its statements
//	halfopen serve           the page
//
// One small file per verb; a verb is a constructor in the list of commands.go. What all verbs
// share: where scenarios come from (source.go), where results go (output.go), and how
// it ends (exit.go).
package main
