package fidelity

import (
	"fmt"
	"strings"
)

// This file writes what the testbed did as statements of a scenario.

// near is the host at this end of the link to the broker on which the testbed's rules act.
func (r *Run) near() string {
	if r.nat() != nil || r.routed() {
		return "router"
	}
	return "client"
}

// actionLine turns an action of the testbed into a statement; "" if an earlier one says it already.
// until is when a process goes on that the action ends, usual the run's random loss.
func (r *Run) actionLine(a Action, until, usual float64) (string, error) {
	f := strings.Fields(a.Action)
	if len(f) == 0 {
		return "", errNoStory{"an action without words"}
	}
	link := r.near() + " broker"
	path := link
	if len(f) > 1 && f[1] == "c2b" {
		path = r.near() + " > broker"
	} else if len(f) > 1 && f[1] == "b2c" {
		path = "broker > " + r.near()
	}
	switch verb := f[0]; {
	case verb == "cut":
		return "cut " + path, nil
	case verb == "restore", verb == "unreject":
		return "heal " + path, nil
	case verb == "reject" && strings.Contains(a.Action, "reset"):
		return "reset " + link, nil
	case verb == "reject":
		return "unreachable " + link + " code=" + codeName(a.Action), nil
	case verb == "client_link_down":
		return "interface-down client", nil
	case verb == "client_link_up":
		return "heal client", nil
	case powerLossByLink(a.Action):
		return "interface-down client", nil
	case strings.HasPrefix(verb, "power"):
		return "cut " + link, nil
	case lossVerb(verb) && heals(a.Action):
		return "heal " + link, nil
	case lossVerb(verb):
		return fmt.Sprintf("loss %s rate=%g%%", link, 100*lossPart(a.Action, usual)), nil
	}
	if side, what, ok := processAction(a.Action); ok {
		return processLine(side, what, a, until), nil
	}
	return "", errNoStory{fmt.Sprintf("no statement corresponds to %q", a.Action)}
}

// processLine writes what happens to a program; that it goes on is part of how it stopped.
func processLine(side Side, what string, a Action, until float64) string {
	line := ""
	switch what {
	case "kill":
		line = side.String() + " kill"
	case "stop":
		line = side.String() + " freeze"
	default:
		return ""
	}
	if until > 0 {
		line += fmt.Sprintf(" for %v", seconds(until-a.Done))
	}
	return line
}

func codeName(action string) string {
	for _, c := range []string{"net", "port", "admin"} {
		if strings.Contains(action, "-"+c) {
			return c
		}
	}
	return "host"
}
