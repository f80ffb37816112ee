package plan

import (
	"time"

	"gridwright/plan/words"
)

// Day is a day of the calendar as users write it, 2027-01-31: days in order are texts in order. The zero value is no day.
type Day string

const dayForm = "2006-01-02"

// ParseDay reads a day. Anything else is an Invalid fault.
func ParseDay(text string) (Day, error) {
	t, err := time.Parse(dayForm, text)
	if err != nil || t.Year() < 1900 || t.Year() > 2999 {
		return "", Refuse(Invalid, "day.wrong", words.Args{"text": text})
	}
	return Day(text), nil
}

// DayOf returns the day a moment falls on where the moment says it is.
func DayOf(t time.Time) Day { return Day(t.Format(dayForm)) }
