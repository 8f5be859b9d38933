using Gateway.Core.Reports;

namespace Gateway.ContainerSupervisor.Observe;

/// <summary>
/// An answer of the engine, kept until something happens to what it is about. An answer that was on its way when
/// something happened is used but not kept.
/// </summary>
internal sealed class Kept<T>(Func<CancellationToken, Task<Result<T>>> ask)
{
    private readonly Lock gate = new();
    private int happened;
    private bool has;
    private T? kept;

    /// <summary>Something happened.</summary>
    public void Forget()
    {
        lock (gate)
        {
            happened++;
            has = false;
            kept = default;
        }
    }

    /// <summary>What is kept, if anything is.</summary>
    public bool TryPeek([System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T value)
    {
        lock (gate)
        {
            value = kept;
            return has;
        }
    }

    /// <summary>What is kept, or else a new answer, kept only if <paramref name="keep"/> says that events will tell of changes.</summary>
    public async Task<Result<T>> GetAsync(bool keep, CancellationToken cancellation)
    {
        int before;
        lock (gate)
        {
            if (has && keep)
            {
                return kept!;
            }

            before = happened;
        }

        var answer = await ask(cancellation);
        lock (gate)
        {
            if (keep && answer.IsSuccess && before == happened)
            {
                (has, kept) = (true, answer.Value);
            }
        }

        return answer;
    }
}
