package plan

import "testing"

func TestNumeral(t *testing.T) {
	for n, want := range map[int]string{1: "一", 10: "十", 12: "十二", 20: "二十", 21: "二十一", 100: "一百", 105: "一百零五",
		110: "一百一十", 369: "三百六十九", 1001: "一千零一", 2010: "二千零一十"} {
		if got := numeral(n); got != want {
			t.Errorf("%d is %s, not %s", n, got, want)
		}
	}
}
