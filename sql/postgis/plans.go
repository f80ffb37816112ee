package postgis

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"gridwright/plan"
	"gridwright/plan/words"
)

// PlanRow is a plan as it is stored, without its grids.
type PlanRow struct {
	ID            plan.ID
	Name          string
	NameVersion   int64
	State         plan.State
	Recipe        plan.Recipe
	GroundVersion int64
	Revision      int64
	Result        *plan.Result  // nil before there is one
	Failure       *plan.Failure // nil unless the plan failed
	JobID         int64
	CreatedAt     time.Time
	Done, Total   int     // parents split so far
	Worst         float64 // deviation so far
	First         bool    // there is a first plan to look at while the split goes on
	Archived      bool    // put away: it is read and copied, and not changed
	Found         int     // findings, when it was last looked at
	FoundFor      string  // what it was then: see Counting
	AlternativeOf plan.ID // the first plan of the same split, of its other ones; else 0
}

// Plans returns all plans, newest first.
func (s *Store) Plans(ctx context.Context) ([]PlanRow, error) {
	return collect(ctx, s.pool, "Plans", pgx.RowToStructByPos[PlanRow])
}

// Plan returns one plan, a NotFound fault when there is none.
func (s *Store) Plan(ctx context.Context, id plan.ID) (PlanRow, error) {
	rows, err := collect(ctx, s.pool, "PlanByID", pgx.RowToStructByPos[PlanRow], id)
	if err == nil && len(rows) == 0 {
		err = plan.Refuse(plan.NotFound, "plan.unknown", words.Args{"plan": id.String()})
	}
	if err != nil {
		return PlanRow{}, err
	}
	return rows[0], nil
}

// CreatePlan stores a plan for the recipe and queues its split. With an idempotency key that was used before it returns
// the plan of that time, if it asked for the same. It refuses a recipe that cannot be carried out on the ground.
func (s *Store) CreatePlan(ctx context.Context, name string, r plan.Recipe, key string) (plan.ID, error) {
	if err := r.Validate(); err != nil {
		return 0, err
	}
	var id plan.ID
	err := s.inTx(ctx, func(tx pgx.Tx) error {
		version, parents, err := scopeOf(ctx, tx, &r)
		if err != nil {
			return err
		}
		recipe, err := json.Marshal(r)
		if err != nil {
			return err
		}
		var keyOrNull *string
		if key != "" {
			keyOrNull = &key
		}
		err = row(ctx, tx, "PlanPut", []any{name, recipe, version, keyOrNull}, &id)
		if errors.Is(err, pgx.ErrNoRows) {
			return planByKey(ctx, tx, key, r, &id)
		}
		if err != nil {
			return err
		}
		if _, err := exec(ctx, tx, "PlanParentsPut", id, parents); err != nil {
			return err
		}
		return s.queueSplit(ctx, tx, id)
	})
	return id, err
}

func planByKey(ctx context.Context, tx pgx.Tx, key string, r plan.Recipe, id *plan.ID) error {
	var had plan.Recipe
	if err := row(ctx, tx, "PlanByKey", []any{key}, id, &had); err != nil {
		return err
	}
	r.KeepAt, had.KeepAt, r.BaseAt, had.BaseAt = 0, 0, 0, 0 // filled by us
	if !reflect.DeepEqual(r, had) {
		return plan.Refuse(plan.Invalid, "edit.key_reused", words.Args{"key": key})
	}
	return nil
}

// scopeOf returns the ground's version and the parents a recipe speaks of, after checking what needs no solver: the
// measures exist, and the number of grids lies between the parents and the blocks.
func scopeOf(ctx context.Context, q querier, r *plan.Recipe) (version int64, all []plan.AreaID, err error) {
	if version, err = newestGround(ctx, q); err != nil {
		return 0, nil, err
	}
	if r.Base != "" {
		if _, r.BaseAt, _, err = lockPlan(ctx, q, r.Base); err != nil {
			return 0, nil, err
		}
	}
	var kept []plan.AreaID
	if r.Keep != "" {
		if version, kept, err = keptPlan(ctx, q, r); err != nil {
			return 0, nil, err
		}
	}
	parents, err := scopeParents(ctx, q, r.Scope, version)
	if err != nil {
		return 0, nil, err
	}
	all = parents
	if r.Keep != "" {
		for _, p := range parents {
			if !slices.Contains(kept, p) {
				return 0, nil, plan.Refuse(plan.Invalid, "split.not_in_plan", words.Args{"scope": r.Scope, "plan": r.Keep})
			}
		}
		all = kept
	}
	var blocks int
	var have []plan.Measure
	if err := row(ctx, q, "ScopeFacts", []any{parents, version}, &blocks, &have); err != nil {
		return 0, nil, err
	}
	if err := keepLocks(ctx, q, r, parents); err != nil {
		return 0, nil, err
	}
	return version, all, r.Fits(len(parents), blocks, have)
}

// keepLocks adds to a recipe what planners have locked in the plan it goes on from, or splits a part of, as far as it lies in the parents: the
// rest is split around it.
func keepLocks(ctx context.Context, q querier, r *plan.Recipe, parents []plan.AreaID) error {
	from, err := plan.ParseID(cmp.Or(r.Base, r.Keep))
	if err != nil {
		return nil // it goes on from none
	}
	grids, err := collect(ctx, q, "LockedGrids", pgx.RowTo[string], from, parents)
	if err != nil {
		return err
	}
	blocks, err := collect(ctx, q, "LockedBlocks", pgx.RowTo[string], from, parents)
	if err != nil || len(grids)+len(blocks) == 0 {
		return err
	}
	if r.Base == "" {
		r.Base, r.BaseAt, r.MaxChange = r.Keep, r.KeepAt, 1
	}
	rules := plan.Rules{}
	if r.Rules != nil {
		rules = *r.Rules
	}
	rules.LockedGrids, rules.LockedBlocks = withAll(rules.LockedGrids, grids), withAll(rules.LockedBlocks, blocks)
	r.Rules = &rules
	return nil
}

// withAll returns a list with what it lacks of others after it.
func withAll(list, others []string) []string {
	list = slices.Clone(list)
	for _, s := range others {
		if !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

func keptPlan(ctx context.Context, q querier, r *plan.Recipe) (version int64, parents []plan.AreaID, err error) {
	var id plan.ID
	if id, r.KeepAt, version, err = lockPlan(ctx, q, r.Keep); err != nil {
		return 0, nil, err
	}
	parents, err = collect(ctx, q, "PlanParents", func(r pgx.CollectableRow) (plan.AreaID, error) {
		var p plan.AreaID
		var ignoreGrids int
		var ignoreResult []byte
		return p, r.Scan(&p, &ignoreGrids, &ignoreResult)
	}, id)
	return version, parents, err
}

// lockPlan keeps a plan that has a result as it is until the transaction ends, and returns its revision and the version of its
// ground.
func lockPlan(ctx context.Context, q querier, text string) (id plan.ID, revision, version int64, err error) {
	if id, err = plan.ParseID(text); err != nil {
		return 0, 0, 0, err
	}
	var state plan.State
	err = row(ctx, q, "PlanLock", []any{id}, &state, &revision, &version)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return 0, 0, 0, plan.Refuse(plan.NotFound, "plan.unknown", words.Args{"plan": text})
	case err != nil:
		return 0, 0, 0, err
	case state != plan.Draft:
		return 0, 0, 0, notReady(id, state)
	}
	return id, revision, version, nil
}

func notReady(id plan.ID, state plan.State) error {
	return plan.Refuse(plan.Wrong, "plan.not_ready", words.Args{"plan": id.String(), "state": state})
}

// Rename gives a plan a new name if its name is still of the given version, and returns the new version. Otherwise it
// returns a Stale fault.
func (s *Store) Rename(ctx context.Context, id plan.ID, name string, version int64) (next int64, err error) {
	err = row(ctx, s.pool, "PlanRename", []any{id, name, version}, &next)
	return next, s.renamed(ctx, id, err)
}

// Revision returns a plan's state and revision as they stand.
func (s *Store) Revision(ctx context.Context, id plan.ID) (state plan.State, revision int64, err error) {
	err = row(ctx, s.pool, "PlanRevision", []any{id}, &state, &revision)
	if errors.Is(err, pgx.ErrNoRows) {
		err = plan.Refuse(plan.NotFound, "plan.unknown", words.Args{"plan": id.String()})
	}
	return state, revision, err
}

// Recounted returns the newest import after which blocks that stay have other counts, 0 for none: what was read before is old then.
func (s *Store) Recounted(ctx context.Context) (from ImportID, err error) {
	err = row(ctx, s.pool, "Recounted", nil, &from)
	return from, err
}

// ParentResults returns what the solver says of each parent of a plan, in the order of the ground's parents.
func (s *Store) ParentResults(ctx context.Context, id plan.ID) ([]plan.ParentResult, error) {
	return parentResults(ctx, s.pool, id)
}

func parentResults(ctx context.Context, q querier, id plan.ID) ([]plan.ParentResult, error) {
	return collect(ctx, q, "PlanParents", func(r pgx.CollectableRow) (plan.ParentResult, error) {
		var area plan.AreaID
		var p plan.ParentResult
		var result []byte
		if err := r.Scan(&area, &p.Grids, &result); err != nil {
			return p, err
		}
		grids := p.Grids
		err := json.Unmarshal(result, &p)
		p.Grids = grids
		return p, err
	}, id)
}

// Snapshot returns a plan as it stands, read in one consistent view. It returns a Wrong fault when the plan has no
// result yet.
func (s *Store) Snapshot(ctx context.Context, id plan.ID) (snap *plan.Snapshot, err error) {
	err = said(pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		snap, err = loadSnapshot(ctx, tx, id)
		return err
	}))
	return snap, err
}

func loadSnapshot(ctx context.Context, q querier, id plan.ID) (*plan.Snapshot, error) {
	rows, err := collect(ctx, q, "PlanByID", pgx.RowToStructByPos[PlanRow], id)
	switch {
	case err != nil:
		return nil, err
	case len(rows) == 0:
		return nil, plan.Refuse(plan.NotFound, "plan.unknown", words.Args{"plan": id.String()})
	case rows[0].State != plan.Draft:
		return nil, notReady(id, rows[0].State)
	}
	p := rows[0]
	g, err := loadPlanGround(ctx, q, id, p.GroundVersion)
	if err != nil {
		return nil, err
	}
	index := make(map[plan.AreaID]int32, len(g.Parents))
	for i, a := range g.Parents {
		index[a.ID] = int32(i)
	}
	grids, err := collect(ctx, q, "PlanGrids", func(r pgx.CollectableRow) (plan.Grid, error) {
		var grid plan.Grid
		var parent plan.AreaID
		err := r.Scan(&grid.No, &parent, &grid.Code, &grid.Name, &grid.NameEn, &grid.Kind, &grid.Purpose, &grid.Body, &grid.Locked, &grid.Enclave,
			&grid.Colour, &grid.Revision, &grid.Gone)
		grid.Parent = index[parent]
		return grid, err
	}, id)
	if err != nil {
		return nil, err
	}
	snap, err := loadAssignment(ctx, q, id, g, p, grids)
	if err != nil {
		return nil, err
	}
	all, err := collect(ctx, q, "PlanLocks", func(r pgx.CollectableRow) (l plan.Lock, err error) {
		return l, r.Scan(&l.Block, &l.Border[0], &l.Border[1])
	}, id)
	if err != nil {
		return nil, err
	}
	snap.Lock(all)
	results, err := parentResults(ctx, q, id)
	if err != nil {
		return nil, err
	}
	for _, r := range results {
		snap.Whys = append(snap.Whys, r.Why)
	}
	return snap, nil
}

// loadPlanGround returns the ground a plan was made on.
func loadPlanGround(ctx context.Context, q querier, id plan.ID, version int64) (*plan.Ground, error) {
	parents, err := collect(ctx, q, "PlanParents", func(r pgx.CollectableRow) (plan.AreaID, error) {
		var p plan.AreaID
		return p, r.Scan(&p, nil, nil)
	}, id)
	if err != nil {
		return nil, err
	}
	return loadGround(ctx, q, version, parents)
}

// commitProposal stores what the solver found, if the plan still waits for it and the job is still ours.
func commitProposal(ctx context.Context, tx pgx.Tx, id plan.ID, g *plan.Ground, p *plan.Proposal) error {
	result, err := json.Marshal(p.Result)
	if err != nil {
		return err
	}
	if err := row(ctx, tx, "PlanDone", []any{id, result}, &id); err != nil {
		return err
	}
	for i, pr := range p.Parents {
		said, err := json.Marshal(pr)
		if err != nil {
			return err
		}
		if _, err := exec(ctx, tx, "PlanParentResult", id, g.Parents[i].ID, pr.Grids, said); err != nil {
			return err
		}
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{Schema, "grid"}, []string{"plan_id", "no", "parent_id", "code", "name", "name_en", "kind", "purpose", "body", "locked", "enclave", "colour", "revision"},
		pgx.CopyFromSlice(len(p.Grids), func(i int) ([]any, error) {
			grid := p.Grids[i]
			return []any{id, grid.No, g.Parents[grid.Parent].ID, grid.Code, grid.Name, grid.NameEn, cmp.Or(grid.Kind, plan.BaseGrid),
				grid.Purpose, grid.Body, grid.Locked, grid.Enclave, int16(grid.Colour), int64(1)}, nil
		}))
	if err != nil {
		return said(err)
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{Schema, "assignment"}, []string{"plan_id", "block_id", "parent_id", "grid_no", "revision"},
		pgx.CopyFromSlice(len(p.At), func(b int) ([]any, error) {
			var no *plan.GridNo
			if p.At[b] != 0 {
				no = &p.At[b]
			}
			return []any{id, g.Blocks[b].ID, g.Parents[g.Blocks[b].Parent].ID, no, int64(1)}, nil
		}))
	if err != nil {
		return said(err)
	}
	_, err = putEdit(ctx, tx, id, p.Edit(g), []byte(`{}`), "")
	return err
}

// commitAlternative stores another proposal of the same split as a plan of its own: the number-th, from 2.
func commitAlternative(ctx context.Context, tx pgx.Tx, id plan.ID, g *plan.Ground, r plan.Recipe, number int, p *plan.Proposal) error {
	var name string
	if err := row(ctx, tx, "PlanName", []any{id}, &name); err != nil {
		return err
	}
	r.Alternative = number
	recipe, err := json.Marshal(r)
	if err != nil {
		return err
	}
	var other plan.ID
	if err := row(ctx, tx, "PlanCopy", []any{id, name + " " + strconv.Itoa(number), recipe}, &other); err != nil {
		return err
	}
	if err := commitProposal(ctx, tx, other, g, p); err != nil {
		return err
	}
	if err := carryFromBase(ctx, tx, r, other); err != nil {
		return err
	}
	return notify(ctx, tx, other, 1, plan.Draft)
}

// channel tells listeners that a plan changed: the payload is "PLAN REVISION STATE".
const channel = "gridwright_plan"

func notify(ctx context.Context, q querier, id plan.ID, revision int64, state plan.State) error {
	_, err := exec(ctx, q, "Notify", channel, id.String()+" "+strconv.FormatInt(revision, 10)+" "+string(state))
	return err
}
