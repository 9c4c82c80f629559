using static DataPlane.Core.Memory.PageGeometry;

namespace DataPlane.Guests.Writing;

/// <summary>What a write does to its page; guest.c does the same, and a test holds them together.</summary>
internal static unsafe class PageWrite
{
    private const int WordsPerPage = PageSize / sizeof(ulong);

    /// <summary>Of eight words, those that stay zero where the page is to be compressible.</summary>
    private const int ZeroWords = 4;

    /// <summary>Writes to the page that <see cref="PageChoice.Next"/> has just chosen, and counts it in the writer's orders.</summary>
    public static void Apply(ref WriterBlock writer, ulong* page)
    {
        var random = writer.Random;
        var word = page + 1 + (random >> 32 & 255);
        if ((DirtyWrite)writer.Write == DirtyWrite.Same)
        {
            Volatile.Write(ref *word, Volatile.Read(ref *word));
            writer.Same++;
        }
        else
        {
            var compressible = (DirtyContent)writer.Content == DirtyContent.Compressible;
            if ((DirtyWrite)writer.Write == DirtyWrite.Page) Fill(page, random, compressible);
            else *word = compressible ? random & 255 : random;
            page[0]++;
        }
        Volatile.Write(ref writer.Count, writer.Count + 1);
    }

    /// <summary>The multiplication leads away from the states that the next writes begin with: pages would else hold each other's words, shifted by one.</summary>
    private static void Fill(ulong* page, ulong random, bool compressible)
    {
        random *= 0x9E3779B97F4A7C15;
        for (var word = 1; word < WordsPerPage; word++)
        {
            random = PageChoice.Step(random);
            page[word] = compressible && (word & ZeroWords) != 0 ? 0 : random;
        }
    }
}
