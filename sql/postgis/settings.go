package postgis

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/jackc/pgx/v5"

	"gridwright/plan"
)

// setting reads what the office has settled under a name, and returns its version: 0, and into as it was, where it has settled nothing.
func setting(ctx context.Context, q querier, name string, into any) (version int64, err error) {
	var value []byte
	err = row(ctx, q, "Setting", []any{name}, &value, &version)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	return version, json.Unmarshal(value, into)
}

// putSetting settles something under a name, if it is still of the given version (0: not settled yet), and returns the new one. Otherwise it
// returns a Stale fault.
func (s *Store) putSetting(ctx context.Context, name string, value any, version int64) (next int64, err error) {
	text, err := json.Marshal(value)
	if err != nil {
		return 0, err
	}
	err = row(ctx, s.pool, "SettingPut", []any{name, text, version}, &next)
	if errors.Is(err, pgx.ErrNoRows) {
		err = plan.Refuse(plan.Stale, "setting.changed", nil)
	}
	return next, err
}
