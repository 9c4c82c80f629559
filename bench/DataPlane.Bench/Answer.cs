using System.Runtime.CompilerServices;

namespace DataPlane.Bench;

/// <summary>A fast wrong answer is no result: every benchmark checks its answers in its setup, before a clock runs.</summary>
internal static class Answer
{
    public static void Check<T>(T expected, T actual, [CallerArgumentExpression(nameof(actual))] string what = "")
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            throw new InvalidOperationException($"{what} is {actual}, not {expected}: nothing is timed.");
    }
}
