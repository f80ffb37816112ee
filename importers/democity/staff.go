package democity

import (
	"fmt"
	"strconv"

	"gridwright/plan"
)

// Surnames and given names of the made-up staff.
var (
	surnames   = []rune("王李张刘陈杨赵黄周吴徐孙马朱胡林郭何高罗")
	givenNames = []string{"建国", "秀英", "丽", "强", "敏", "静", "伟", "芳", "军", "洁", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀兰", "霞", "平", "刚", "桂英", "文", "玲"}
)

// staffNo makes the n-th of the made-up people.
func staffNo(n int) plan.Person {
	name := string(surnames[n*7%len(surnames)]) + givenNames[(n*5+n/len(surnames))%len(givenNames)]
	return plan.Person{Name: name, Code: fmt.Sprintf("Y%05d", n+1), Phone: fmt.Sprintf("139%08d", n+1)}
}

// Staff is a made-up roster for grids and buildings of the city, in their order: a supervisor for four grids each, a lead each, a full-time worker
// for nine in ten, a part-time one for every other; leads for most buildings and their stair units. Some posts are vacant, some workers are on no
// grid yet, so that there is something to do.
func Staff(grids []plan.Grid, buildings []plan.StaffBuilding) (rows []plan.RosterRow) {
	people := 0
	add := func(r plan.RosterRow, held bool) {
		r.Since = "2020-06-01"
		if held {
			r.Person = staffNo(people)
			r.Person.Source = []string{"public_welfare", "recruited", "seconded", "committee", "volunteer"}[people%5]
			people++
		}
		rows = append(rows, r)
	}
	var nos []plan.GridNo
	for _, g := range grids {
		nos = append(nos, g.No)
	}
	for i := 0; i < len(nos); i += 4 {
		add(plan.RosterRow{Kind: plan.Supervisor, Grids: nos[i:min(i+4, len(nos))]}, true)
	}
	for i, no := range nos {
		on := []plan.GridNo{no}
		add(plan.RosterRow{Kind: plan.GridLead, Grids: on}, i%17 != 3)
		if i%10 != 4 {
			add(plan.RosterRow{Kind: plan.GridWorker, FullTime: true, Grids: on}, i%23 != 5)
		}
		if i%2 == 0 {
			add(plan.RosterRow{Kind: plan.GridWorker, Grids: on}, true)
		}
		if i%5 == 0 {
			add(plan.RosterRow{Kind: plan.Outside, Role: "police", Grids: on}, true)
		}
	}
	for range len(nos) / 20 {
		add(plan.RosterRow{Kind: plan.GridWorker, FullTime: true}, true)
	}
	for i, b := range buildings {
		if b.Households <= 0 || i%9 == 7 {
			continue
		}
		add(plan.RosterRow{Kind: plan.BuildingLead, Building: b.Code}, true)
		if b.StairUnits < 2 {
			continue
		}
		for u := range b.StairUnits {
			if (i+u)%6 != 5 {
				add(plan.RosterRow{Kind: plan.StairUnitLead, Building: b.Code, StairUnit: strconv.Itoa(u + 1)}, true)
			}
		}
	}
	return rows
}
