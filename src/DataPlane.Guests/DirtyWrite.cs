namespace DataPlane.Guests;

/// <summary>What a write does to its page. The numbers are part of a guest's saved state.</summary>
public enum DirtyWrite
{
    /// <summary>Counts in the page's first word, and changes one other.</summary>
    Word = 0,

    /// <summary>Counts in the page's first word, and fills all others anew.</summary>
    Page = 1,

    /// <summary>Writes to a word what it holds: a dirty log reports the page, and who compares contents finds nothing.</summary>
    Same = 2,
}
