// The in-memory adapter: nothing survives the process. It does what the package's own does, with two of its limits
// taken away, which would make the comparison unfair: that one forgets all but the last thousand entries, and walks
// through all tokens of a grant at each write.
const GRANTED = new Set(['AccessToken', 'AuthorizationCode', 'RefreshToken', 'DeviceCode']);

/** Makes the factory of adapters that `oidc-provider` wants. */
export function memoryAdapter() {
  const entries = new Map();
  const sessions = new Map();
  const grants = new Map();

  return (model) => {
    const key = (id) => `${model}:${id}`;
    return {
      async upsert(id, payload) {
        entries.set(key(id), payload);
        if (model === 'Session') sessions.set(payload.uid, id);
        if (GRANTED.has(model) && payload.grantId) {
          if (!grants.has(payload.grantId)) grants.set(payload.grantId, new Set());
          grants.get(payload.grantId).add(key(id));
        }
      },
      async find(id) {
        return entries.get(key(id));
      },
      async findByUid(uid) {
        return entries.get(key(sessions.get(uid)));
      },
      async consume(id) {
        entries.get(key(id)).consumed = Math.floor(Date.now() / 1000);
      },
      async destroy(id) {
        const payload = entries.get(key(id));
        entries.delete(key(id));
        if (payload?.grantId) grants.get(payload.grantId)?.delete(key(id));
        if (model === 'Session' && payload) sessions.delete(payload.uid);
      },
      async revokeByGrantId(grantId) {
        for (const member of grants.get(grantId) ?? []) entries.delete(member);
        grants.delete(grantId);
      },
    };
  };
}
