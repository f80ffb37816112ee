package postgis

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"gridwright/geo/crs"
	"gridwright/plan"
	"gridwright/plan/words"
)

// Archive puts a plan away, or takes it out again, if its name is still of the given version, and returns the new version. Otherwise it
// returns a Stale fault.
func (s *Store) Archive(ctx context.Context, id plan.ID, away bool, version int64) (next int64, err error) {
	err = row(ctx, s.pool, "PlanArchive", []any{id, away, version}, &next)
	return next, s.renamed(ctx, id, err)
}

// renamed says what it means that no plan of an id and a version of its name was found.
func (s *Store) renamed(ctx context.Context, id plan.ID, err error) error {
	if !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	if _, err := s.Plan(ctx, id); err != nil {
		return err
	}
	return plan.Refuse(plan.Stale, "plan.name_changed", nil)
}

// Counting names what a plan's findings were counted for: another revision or other counts may have others.
func Counting(revision int64, counted ImportID) string {
	return strconv.FormatInt(revision, 10) + "." + strconv.FormatInt(int64(counted), 10)
}

// NoteFindings keeps how many findings a plan has, for lists, with what they were counted for.
func (s *Store) NoteFindings(ctx context.Context, id plan.ID, n int, counting string) error {
	_, err := exec(ctx, s.pool, "PlanFound", id, n, counting)
	return err
}

// Dependents is what hangs on a plan.
type Dependents struct {
	Divisions int // were published from it: it stays as long as they do
	Comments  int // go with it
	Posts     int // are placed in it, and lose their place there
	Plans     int // were made from it, and stay
}

// Dependents returns what hangs on a plan.
func (s *Store) Dependents(ctx context.Context, id plan.ID) (Dependents, error) {
	return dependents(ctx, s.pool, id)
}

func dependents(ctx context.Context, q querier, id plan.ID) (d Dependents, err error) {
	err = row(ctx, q, "PlanDependents", []any{id}, &d.Divisions, &d.Comments, &d.Posts, &d.Plans)
	return d, err
}

// Delete takes a plan away for good, with all that hangs on it. One that is being computed, or was published, is a Wrong fault.
func (s *Store) Delete(ctx context.Context, id plan.ID) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		state, revision, err := lockAny(ctx, tx, id)
		if err != nil {
			return err
		}
		if state == plan.Queued || state == plan.Solving {
			return plan.Refuse(plan.Wrong, "plan.running", words.Args{"plan": id.String()})
		}
		var hanging Dependents
		if hanging, err = dependents(ctx, tx, id); err != nil {
			return err
		}
		if hanging.Divisions > 0 {
			return plan.Refuse(plan.Wrong, "plan.published", words.Args{"plan": id.String(), "n": hanging.Divisions})
		}
		if _, err := exec(ctx, tx, "PlanDelete", id); err != nil {
			return err
		}
		return notify(ctx, tx, id, revision, state)
	})
}

// lockAny keeps a plan as it is until the transaction ends, whatever its state.
func lockAny(ctx context.Context, tx pgx.Tx, id plan.ID) (state plan.State, revision int64, err error) {
	err = row(ctx, tx, "PlanLock", []any{id}, &state, &revision, nil)
	if errors.Is(err, pgx.ErrNoRows) {
		err = plan.Refuse(plan.NotFound, "plan.unknown", words.Args{"plan": id.String()})
	}
	return state, revision, err
}

// Copy makes another plan that is as this one is now, with its people and its recipe, and a log of its own. Grids keep their numbers. With
// a key that was used before it returns the copy of that time.
func (s *Store) Copy(ctx context.Context, id plan.ID, name, key string) (other plan.ID, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		if _, _, _, err := lockPlan(ctx, tx, id.String()); err != nil {
			return err
		}
		var keyOrNull *string
		if key != "" {
			keyOrNull = &key
		}
		err := row(ctx, tx, "PlanDuplicate", []any{id, name, keyOrNull}, &other)
		if errors.Is(err, pgx.ErrNoRows) {
			var had plan.Recipe
			if err := row(ctx, tx, "PlanByKey", []any{key}, &other, &had); err != nil {
				return err
			}
			if had.Copy != id.String() {
				return plan.Refuse(plan.Invalid, "edit.key_reused", words.Args{"key": key})
			}
			return nil
		}
		if err != nil {
			return err
		}
		for _, part := range []string{"PlanDuplicateParents", "PlanDuplicateGrids", "PlanDuplicateAssignment", "PlanDuplicateLocks", "PlanDuplicateEdit", "BoundsDuplicate", "WalkDuplicate"} {
			if _, err := exec(ctx, tx, part, id, other); err != nil {
				return err
			}
		}
		if err := carryStaff(ctx, tx, id, other); err != nil {
			return err
		}
		return notify(ctx, tx, other, 1, plan.Draft)
	})
	return other, err
}

// adopt returns the edit that takes over grids of another plan, as it stands or as it was at a revision.
func (d *desk) adopt(w Wish) (plan.Edit, error) {
	id, revision, err := plan.ParseAt(w.Plan)
	if err != nil {
		return plan.Edit{}, err
	}
	from, err := loadSnapshot(d.ctx, d.tx, id)
	if err != nil {
		return plan.Edit{}, err
	}
	if revision > from.Revision {
		return plan.Edit{}, plan.Refuse(plan.NotFound, "plan.no_revision", words.Args{"plan": id.String(), "revision": revision})
	}
	if revision != 0 {
		since, err := editsBetween(d.ctx, d.tx, id, revision, from.Revision)
		if err != nil {
			return plan.Edit{}, err
		}
		if from, err = from.Rewind(since); err != nil {
			return plan.Edit{}, err
		}
	}
	coder, err := d.coder()
	if err != nil {
		return plan.Edit{}, err
	}
	return d.now.Adoption(from, w.Grids, coder)
}

// CommentID is a comment's key.
type CommentID int64

// Comment is what somebody has to say of a place of a plan (意见).
type Comment struct {
	ID          CommentID
	Grid, Other plan.GridNo // the grid it is pinned to, and the one beyond the border; 0 for none
	Called      [2]string   // what they were called when it was made
	At          crs.Point   // where it was pinned
	Words       string
	By          string
	Revision    int64 // of the plan that was looked at
	Made        time.Time
	Resolved    *time.Time // nil while it is open
	ResolvedBy  string
}

// Comments returns a plan's comments, newest first.
func (s *Store) Comments(ctx context.Context, id plan.ID) ([]Comment, error) {
	return collect(ctx, s.pool, "Comments", func(r pgx.CollectableRow) (Comment, error) {
		var c Comment
		var lon, lat float64
		err := r.Scan(&c.ID, &c.Grid, &c.Other, &c.Called[0], &c.Called[1], &lon, &lat, &c.Words, &c.By, &c.Revision, &c.Made, &c.Resolved, &c.ResolvedBy)
		if err == nil {
			c.At, err = crs.FromDegrees(lon, lat)
		}
		return c, err
	}, id)
}

// PutComment keeps a comment and returns its id.
func (s *Store) PutComment(ctx context.Context, id plan.ID, c Comment) (made CommentID, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		state, revision, err := lockAny(ctx, tx, id)
		if err != nil {
			return err
		}
		if state != plan.Draft {
			return notReady(id, state)
		}
		err = row(ctx, tx, "CommentPut", []any{id, gridOrNull(c.Grid), gridOrNull(c.Other), c.Called[0], c.Called[1], c.At.Lon.Degrees(), c.At.Lat.Degrees(), c.Words, c.By, c.Revision}, &made)
		if err != nil {
			return err
		}
		return notify(ctx, tx, id, revision, state)
	})
	return made, err
}

func gridOrNull(no plan.GridNo) *plan.GridNo {
	if no == 0 {
		return nil
	}
	return &no
}

// ResolveComment settles a comment or opens it again. A comment the plan does not have is a NotFound fault.
func (s *Store) ResolveComment(ctx context.Context, id plan.ID, comment CommentID, settled bool, by string) error {
	err := row(ctx, s.pool, "CommentResolve", []any{id, comment, settled, by}, &comment)
	if errors.Is(err, pgx.ErrNoRows) {
		return noComment(id, comment)
	}
	return err
}

// DeleteComment takes a comment away. A comment the plan does not have is a NotFound fault.
func (s *Store) DeleteComment(ctx context.Context, id plan.ID, comment CommentID) error {
	n, err := exec(ctx, s.pool, "CommentDelete", id, comment)
	if err == nil && n == 0 {
		err = noComment(id, comment)
	}
	return err
}

func noComment(id plan.ID, comment CommentID) error {
	return plan.Refuse(plan.NotFound, "comment.unknown", words.Args{"plan": id.String(), "comment": strconv.FormatInt(int64(comment), 10)})
}

// Thing is a building, a compound or an organisation on a block of a plan.
type Thing struct {
	Layer        plan.Layer
	Code, Name   string
	Compound     string // code of the compound of a building
	Number       string // of a building, within its compound
	CompoundName string
	Block        plan.BlockID
	At           crs.Point
}

// Things returns the things on a plan's blocks whose code, name or number holds a text, exact ones first. Case and blanks do not count.
func (s *Store) Things(ctx context.Context, id plan.ID, text string, limit int) ([]Thing, error) {
	return collect(ctx, s.pool, "PlanThings", func(r pgx.CollectableRow) (Thing, error) {
		var t Thing
		var lon, lat float64
		err := r.Scan(&t.Layer, &t.Code, &t.Name, &t.Compound, &t.Number, &t.CompoundName, &t.Block, &lon, &lat)
		if err == nil {
			t.At, err = crs.FromDegrees(lon, lat)
		}
		return t, err
	}, id, text, limit)
}

// Terms is which words of the trade an office says otherwise, by language: 网格 to 片区.
type Terms struct {
	Zh map[string]string `json:"zh"`
	En map[string]string `json:"en"`
}

// Terms returns the office's words, and the version that guards them.
func (s *Store) Terms(ctx context.Context) (t Terms, version int64, err error) {
	t = Terms{Zh: map[string]string{}, En: map[string]string{}}
	version, err = setting(ctx, s.pool, "terms", &t)
	return t, version, err
}

// PutTerms changes the office's words, if they are still of the given version, and returns the new one. Otherwise it returns a Stale fault.
func (s *Store) PutTerms(ctx context.Context, t Terms, version int64) (int64, error) {
	return s.putSetting(ctx, "terms", t, version)
}
