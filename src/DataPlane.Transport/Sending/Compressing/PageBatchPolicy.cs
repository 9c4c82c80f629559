using Microsoft.Extensions.ObjectPool;

namespace DataPlane.Transport.Sending.Compressing;

/// <summary>How the pool makes batches and takes them back. Remembers all it made, since a pool forgets what is out when it ends.</summary>
internal sealed class PageBatchPolicy : IPooledObjectPolicy<PageBatch>
{
    private readonly List<PageBatch> _made = [];

    public IReadOnlyList<PageBatch> Made => _made;

    public PageBatch Create()
    {
        var batch = new PageBatch();
        lock (_made) _made.Add(batch);
        return batch;
    }

    public bool Return(PageBatch obj)
    {
        obj.Clear();
        return true;
    }
}
